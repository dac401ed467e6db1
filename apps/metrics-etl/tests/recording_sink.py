"""A sink that keeps what it is given, in the words of the golden fixtures."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from metrics_etl.csv_row import EventRow, WindowRow
from metrics_etl.instants import format_instant
from metrics_etl.rejected_line import RejectedLine
from metrics_etl.series_table import SeriesTable


class RecordingSink:
    def __init__(self) -> None:
        self.series = SeriesTable()
        self.rows: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.rejected: list[dict[str, Any]] = []

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.events) + len(self.rejected)

    def windows(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            names = self.series.names[row.pop("series")]
            self.rows.append(row_of(WindowRow(*names, **row)))

    def event(self, event: EventRow, line: int) -> None:
        found: dict[str, Any] = {
            "componentName": event.component_name,
            "metricName": event.metric_name,
            "unit": event.unit,
            "value": event.value,
            "publicationTimestamp": format_instant(event.timestamp_ms),
        }
        if event.event_id is not None:
            found["eventId"] = event.event_id
        self.events.append(found)

    def reject(self, rejected: RejectedLine) -> None:
        self.rejected.append(rejected_of(rejected))


def row_of(row: WindowRow) -> dict[str, Any]:
    found: dict[str, Any] = {
        "componentName": row.component_name,
        "metricName": row.metric_name,
        "unit": row.unit,
        "minValue": row.min_value,
        "maxValue": row.max_value,
        "fromTimestamp": format_instant(row.from_ms),
        "toTimestamp": format_instant(row.to_ms),
    }
    if row.sum_value is not None:
        found["sumValue"] = row.sum_value
    if row.sample_count is not None:
        found["sampleCount"] = row.sample_count
    return found


def rejected_of(rejected: RejectedLine) -> dict[str, Any]:
    found: dict[str, Any] = {"line": rejected.line, "reason": rejected.reason}
    if rejected.raw is not None:
        found["raw"] = rejected.raw
    if rejected.raw_base64 is not None:
        found["rawBase64"] = rejected.raw_base64
    if rejected.truncated:
        found["truncated"] = True
    return found
