"""The columns of `windowed_metrics`, as the contract of the data model has them; a test holds the two against each other.

They stand here as code, since the job's wheel holds nothing else.
"""

from __future__ import annotations

import pyarrow as pa

_INSTANT = pa.timestamp("us", "UTC")

WINDOWED_METRICS = pa.schema(
    [
        pa.field("component_name", pa.string(), nullable=False),
        pa.field("metric_name", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("min_value", pa.float64(), nullable=False),
        pa.field("max_value", pa.float64(), nullable=False),
        pa.field("sum_value", pa.float64(), nullable=True),
        pa.field("sample_count", pa.int64(), nullable=True),
        pa.field("from_timestamp", _INSTANT, nullable=False),
        pa.field("to_timestamp", _INSTANT, nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("part_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("emitted_at", _INSTANT, nullable=False),
        pa.field("input_id", pa.string(), nullable=False),
    ]
)
