"""The templates that the target `templates-for-checks` has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "target" / "for-checks"
SHAPES = ("plain", "full")
STACKS = ("grafana", "lake", "metrics-etl", "operations", "stream", "traffic-report")


def template_paths(shape: str) -> list[Path]:
    """All templates of a deployment.

    :raises AssertionError: when they are not all there; a check of nothing would pass
    """
    found = sorted((FOLDER / shape).glob("*.template.json"))
    names = [f"pulselake-check-{stack}.template.json" for stack in STACKS]
    assert [path.name for path in found] == names, (
        f"{FOLDER / shape} has not the templates of all stacks. "
        "Make them: npx nx run @pulselake/infrastructure:templates-for-checks"
    )
    return found


def template(shape: str, stack: str) -> dict[str, Any]:
    """One template, read."""
    content: dict[str, Any] = json.loads((FOLDER / shape / f"pulselake-check-{stack}.template.json").read_text())
    return content
