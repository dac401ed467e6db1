"""Writes windows, JSON Lines with camelCase keys on standard input, to a Parquet file as a service would.

    write_windows.py glue|firehose CONTRACT FILE

`glue`: as the Glue script does: zstd, instants as TIMESTAMP(MICROS, UTC), page checksums.
`firehose`: as Data Firehose converts by the Glue schema: snappy, instants as INT96, every column optional.
CONTRACT is the folder that holds arrow-schemas.json and firehose-input.json.
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


def main(writer: str, contract: str, target: str) -> None:
    fields = json.loads((Path(contract) / "arrow-schemas.json").read_text("utf-8"))["windowed_metrics"]
    mappings = json.loads((Path(contract) / "firehose-input.json").read_text("utf-8"))["columnToJsonKeyMappings"]
    is_firehose = writer == "firehose"
    keys = {f["name"]: mappings.get(f["name"], f["name"]) if is_firehose else f["field"] for f in fields}
    schema = pa.schema([pa.field(f["name"], TYPES[f["type"]], is_firehose or f["nullable"]) for f in fields])
    rows = [json.loads(line) for line in sys.stdin]
    columns = [[value(row.get(keys[field.name]), field.type) for row in rows] for field in schema]
    table = pa.table(columns, schema=schema)
    if is_firehose:
        pq.write_table(table, target, compression="snappy", use_deprecated_int96_timestamps=True)
    else:
        pq.write_table(table, target, compression="zstd", write_page_checksum=True)


def value(given: object, kind: pa.DataType) -> object:
    if not pa.types.is_timestamp(kind):
        return given
    return datetime.fromisoformat(str(given).replace("Z", "+00:00"))


if __name__ == "__main__":
    main(*sys.argv[1:])
