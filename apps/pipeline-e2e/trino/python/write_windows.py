"""Writes windows, JSON Lines as on the stream on standard input, to a Parquet file as Data Firehose does.

    write_windows.py CONTRACT FILE

It converts by the Glue schema: snappy, instants as INT96, every column optional. CONTRACT is the folder that holds
arrow-schemas.json and firehose-input.json.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TYPES = {
    "string": pa.string(),
    "float64": pa.float64(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}


def main(contract: str, target: str) -> None:
    fields = json.loads((Path(contract) / "arrow-schemas.json").read_text("utf-8"))["windowed_metrics"]
    keys = json.loads((Path(contract) / "firehose-input.json").read_text("utf-8"))["columnToJsonKeyMappings"]
    schema = pa.schema([pa.field(field["name"], TYPES[field["type"]]) for field in fields])
    rows = [json.loads(line) for line in sys.stdin]
    columns = [[value(row.get(keys.get(name, name)), schema.field(name).type) for row in rows] for name in schema.names]
    table = pa.table(columns, schema=schema)
    pq.write_table(table, target, compression="snappy", use_deprecated_int96_timestamps=True)


def value(given: object, kind: pa.DataType) -> object:
    if not pa.types.is_timestamp(kind):
        return given
    return datetime.fromisoformat(str(given).replace("Z", "+00:00"))


if __name__ == "__main__":
    main(*sys.argv[1:])
