"""The columns that the job writes are those of the data model's contract."""

from __future__ import annotations

import json
from pathlib import Path

from metrics_etl.lake_schema import WINDOWED_METRICS

CONTRACT = Path(__file__).parents[3] / "libs" / "data-model" / "contract" / "arrow-schemas.json"
TYPES = {"double": "float64"}


def test_windows_have_the_columns_of_the_contract() -> None:
    expected = json.loads(CONTRACT.read_text("utf-8"))["windowed_metrics"]
    written = [
        {
            "name": field.name,
            "type": _name(str(field.type)),
            "nullable": field.nullable,
        }
        for field in WINDOWED_METRICS
    ]
    wanted = [{name: column[name] for name in ("name", "type", "nullable")} for column in expected]
    assert written == wanted, "Bring metrics_etl/lake_schema.py up to date with the contract."


def _name(arrow_type: str) -> str:
    return TYPES.get(arrow_type, arrow_type).replace("timestamp[us, tz=UTC]", "timestamp[us, UTC]")
