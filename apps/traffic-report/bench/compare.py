"""
Counting the calls of access logs, against a job that only takes lines apart and counts pairs: no validation, no rejected lines, no
days. Both in one Spark, in turns; the ratio is what counts.

    node tools/python.mjs run apps/traffic-report bench/compare.py --lines 2000000 --rounds 5
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from traffic_report.count_calls import count_calls
from traffic_report.inputs import choose_inputs, find_logs
from traffic_report.options import parse_options
from traffic_report.program import COMPILE_LONG_METHODS
from traffic_report.storage import Storage

DAY = "2026-05-18"
FILES = 20


def write_logs(folder: Path, lines: int) -> None:
    """Lines of the generated shape: nine of ten are calls of services."""
    chance = random.Random(1)
    folder.mkdir(parents=True)
    services = [f"service-{number}" for number in range(40)]
    for number in range(FILES):
        with (folder / f"{services[number]}-{DAY}.txt").open("w") as log:
            for _ in range(lines // FILES):
                second = chance.randrange(86_400)
                time_of_day = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{chance.randrange(1000):03d}Z"
                status = 503 if chance.random() < 0.02 else 200
                path = f"/api/v1/items/{chance.randrange(1_000_000)}?page={chance.randrange(100)}"
                if chance.random() < 0.9:
                    who = f"<masked>  - {chance.choice(services)}"
                    log.write(f'{who} "GET {path}" {status} [{DAY}T{time_of_day}] "Apache HTTP Client"\n')
                else:
                    who = f"10.0.{chance.randrange(256)}.{chance.randrange(256)}  - ;u{chance.randrange(1000)}"
                    log.write(f'{who} "GET {path}" {status} [{DAY}T{time_of_day}] "Mozilla/5.0 (X11; Linux)"\n')


def baseline(spark: SparkSession, folder: Path, target: str) -> None:
    fields = f.split(f.regexp_replace("value", r'^(.*?)  - (.*?) "(.*)" (\d{3}) \[(.*?)\] "(.*)"$', "$2\n$3\n$4"), "\n")
    (
        spark.read.text(str(folder))
        .select(fields.alias("fields"), f.col("_metadata.file_name").alias("file"))
        .groupBy("file", f.col("fields")[0].alias("source"))
        .agg(f.count(f.lit(1)).alias("total"), f.count_if(f.col("fields")[2] >= "500").alias("failed"))
        .write.parquet(target)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.extraJavaOptions", COMPILE_LONG_METHODS)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    root = Path(tempfile.mkdtemp(prefix="pulselake-bench-"))
    try:
        folder = root / f"lake/landing/access-logs/dt={DAY}"
        write_logs(folder, given.lines)
        options = parse_options(["--lake", str(root / "lake"), "--date", DAY], 0)
        storage = Storage(spark)

        def ours(target: str) -> None:
            inputs = choose_inputs(storage, options, find_logs(storage, options), [])
            read = count_calls(spark, storage, options, inputs.logs, target)
            assert read == given.lines // FILES * FILES

        runs: dict[str, Callable[[str], None]] = {"baseline": lambda target: baseline(spark, folder, target), "ours": ours}
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for turn in range(given.rounds + 1):
            for name, run in runs.items():
                began = time.monotonic()
                run(str(root / f"out/{name}-{turn}"))
                # The first turn compiles.
                if turn > 0:
                    seconds[name].append(time.monotonic() - began)
        medians = {name: statistics.median(each) for name, each in seconds.items()}
        print(
            json.dumps(
                {
                    "lines": given.lines,
                    "bytes": sum(path.stat().st_size for path in folder.iterdir()),
                    "seconds": {name: [round(each, 2) for each in all_of] for name, all_of in seconds.items()},
                    "medians": {name: round(each, 2) for name, each in medians.items()},
                    "ratio": round(medians["ours"] / medians["baseline"], 2),
                    "driverHeap": "1g",
                }
            )
        )
    finally:
        spark.stop()
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
