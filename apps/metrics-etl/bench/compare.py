"""Speed and memory of the job beside two simpler ways of making Parquet of the same CSV.

    python bench/compare.py [--rows 5000000] [--days 30] [--rounds 5]

* `job`: what the Glue job does with one object, all of it: identify, read, judge, sort by day, write, digest.
* `pandas`: the whole file, `read_csv` with the C engine and `to_parquet`; one file, nothing checked.
* `arrow`: `pyarrow.csv.open_csv` to `ParquetWriter`, block by block; one file, nothing checked.

Each way is a process of its own, bound to one processor, and takes its turn in each round; what counts is the median. On a
machine that does other things besides, compare by the time on the processor. The CSV's days alternate from row to row.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
WAYS = ("job", "pandas", "arrow")
#: What is timed: without imports. Gives the rows it wrote.
Work = Callable[[], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measure(given.way, given.file)))
        return
    with tempfile.TemporaryDirectory(prefix="pulselake-bench-") as folder:
        file = Path(folder) / "metrics.csv"
        make_csv(file, given.rows, given.days)
        print(f"{given.rows:,} rows, {given.days} days, {file.stat().st_size / 1e6:.0f} MB", flush=True)
        results: dict[str, list[dict[str, Any]]] = {way: [] for way in given.ways}
        for _ in range(given.rounds):
            for way in given.ways:
                words = [sys.executable, __file__, "--way", way, "--file", str(file)]
                told = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
                results[way].append(json.loads(told))
                print(way, results[way][-1], flush=True)
    show(results, given.rows)


def show(results: dict[str, list[dict[str, Any]]], rows: int) -> None:
    def median(way: str, what: str) -> float:
        return float(statistics.median(each[what] for each in results[way]))

    for way, found in results.items():
        wall, cpu = median(way, "seconds"), median(way, "cpuSeconds")
        peak = max(each["peakMb"] for each in found)
        print(f"{way:7} {wall:6.2f} s  {rows / wall / 1e6:5.2f} M rows/s  processor {cpu:6.2f} s  peak {peak:5.0f} MB")
    for other, wanted in (("pandas", 1.2), ("arrow", 0.7)):
        if "job" in results and other in results:
            wall, cpu = (median(other, what) / median("job", what) for what in ("seconds", "cpuSeconds"))
            print(f"job against {other}: {wall:.2f} of its throughput, {cpu:.2f} by processor time (wanted: {wanted})")


def measure(way: str, file: Path) -> dict[str, Any]:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="pulselake-bench-") as folder:
        run = {"job": job, "pandas": whole_file, "arrow": bare_arrow}[way]
        work = run(file, Path(folder))
        started, cpu = time.perf_counter(), time.process_time()
        rows = work()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "cpuSeconds": round(cpu, 2), "peakMb": round(peak), "rows": rows}


def job(file: Path, folder: Path) -> Work:
    from folder_store import FolderStore

    from metrics_etl.ingest_object import IngestOptions, ObjectIngest
    from metrics_etl.intents import Intents
    from metrics_etl.ledger import Ledger
    from metrics_etl.process_tuning import tune_process
    from metrics_etl.window_settings import WindowSettings

    tune_process()
    landing, lake = FolderStore(file.parent), FolderStore(folder)
    ingest = ObjectIngest(
        landing,
        lake,
        Ledger.open(lake),
        Intents(lake),
        IngestOptions(WindowSettings(), 1_800_000_000_000),
        lambda: int(time.time() * 1000),
    )

    def work() -> int:
        outcome = ingest.ingest(landing.info(file.name))
        assert outcome.status == "ingested" and outcome.counts is not None, outcome
        return outcome.counts["accepted"]

    return work


def whole_file(file: Path, folder: Path) -> Work:
    import pandas as pd
    import pyarrow.parquet  # noqa: F401

    def work() -> int:
        frame = pd.read_csv(file, engine="c", parse_dates=["fromTimestamp", "toTimestamp"])
        frame.to_parquet(folder / "all.parquet", engine="pyarrow", compression="zstd")
        return len(frame)

    return work


def bare_arrow(file: Path, folder: Path) -> Work:
    import pyarrow as pa
    import pyarrow.csv as pcsv
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)

    def work() -> int:
        rows = 0
        options = pcsv.ReadOptions(use_threads=False, block_size=4 << 20)
        with pcsv.open_csv(file, options) as reader:
            writer = pq.ParquetWriter(folder / "all.parquet", reader.schema, compression="zstd")
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
            writer.close()
        return rows

    return work


def make_csv(path: Path, rows: int, days: int) -> None:
    """Windows of five minutes of some hundred series; the day changes with each row."""
    from metrics_etl.instants import format_instant

    source = random.Random(1)
    first = 1_704_067_200_000
    per_day = rows // days
    series = max(1, per_day // 288)
    names = [(f"service-{number // 20:02}", f"metric-{number % 20}", "ms") for number in range(series + 1)]
    numbers = [repr(source.uniform(0, 1000)) for _ in range(100_000)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit\n")
        for window, lines in _windows(rows, days, series):
            instants = [
                tuple(
                    format_instant(first + day * 86_400_000 + (window + more) * 300_000)[:-5] + "Z" for more in (0, 1)
                )
                for day in range(days)
            ]
            for number, day in lines:
                component, metric, unit = names[number]
                start, end = instants[day]
                low, high = numbers[source.randrange(100_000)], numbers[source.randrange(100_000)]
                if float(low) > float(high):
                    low, high = high, low
                file.write(f"{component},{start},{high},{metric},{low},{end},{unit}\n")


def _windows(rows: int, days: int, series: int) -> Iterator[tuple[int, Sequence[tuple[int, int]]]]:
    left = rows
    window = 0
    while left > 0:
        lines = [(number, day) for number in range(series) for day in range(days)][:left]
        yield window % 287, lines
        left -= len(lines)
        window += 1


if __name__ == "__main__":
    main()
