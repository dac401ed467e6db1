"""Lines that are nearly of a known shape: each becomes what the embedded run makes of it."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from conftest import Workbench
from lakes import report_day
from pyspark.sql import SparkSession

LINES = 200_000 if os.environ.get("PULSELAKE_PROOF") == "full" else 20_000
DAYS = ["2026-05-17", "2026-05-18", "2026-05-19"]
DATES = [argument for day in DAYS for argument in ("--date", day)]
ADDRESSES = ["<masked>", "10.0.0.1", "", "é", "a b", "<masked> "]
USERS = ["web", "-", "", ";ld", "ü\u2028", 'q "x', "a [1] b", "- -", " web "]
TIMES = [
    "2026-05-18T10:00:00Z",
    "2026-05-17T23:59:59.999999999Z",
    "2026-05-18T10:00:00Z\u0085",
    "2026-05-18T10:00:00Z\u2028",
    "2026-05-18T10:00:00Z\r",
    "2026-05-18T10:00:00.Z",
    "2026-05-18T24:00:00Z",
    "2026-02-30T10:00:00Z",
    "0000-01-01T00:00:00Z",
    "+2026-05-18T10:00:00Z",
    "2026-05-18T10:00:00.1234567891Z",
    "٢026-05-18T10:00:00Z",
    "18/May/2026:10:00:00 +0000",
    "18/May/2026:01:00:00 +2359",
    "18/may/2026:10:00:00 +0000",
    "31/Apr/2026:10:00:00 +0000",
    "18/May/2026:10:00:00 +0060",
    "18/May/2026:23:00:00 -2400",
    "17/May/2026:10:00:00 -0000",
    "18/MayJ2026:10:00:00 +0000",
    "01/Jan/0001:00:00:00 +0001",
    "31/Dec/9999:23:59:59 -0001",
    "é" * 33,
    "é" * 32,
    "x" * 64,
    "x" * 65,
    "",
    "😀",
]
REQUESTS = [
    "GET /cart/1",
    "GET /cart",
    "GET /cart?x=1 HTTP/1.1",
    "GET /c%61rt#x",
    "GET /",
    "GET //cart",
    "GET  /cart",
    "/cart",
    " /cart",
    "GET",
    "",
    "GET /ü/x",
    "GET /ca\u2028rt",
    "GET http://x/cart",
    'GET /п?q="x"',
    'GET /cart" 200 "x',
    'GET /cart" 200 [2026-05-18T10:00:00Z] "y',
    'GET /cart" 200 - "',
    "GET /\\1$2",
    "GET /a\0b",
]
AGENTS = [
    "Apache HTTP Client",
    "Machine (x; web)",
    "Machine (x;web )",
    "Machine (x;\tweb)",
    "Machine (x;\u00a0web\u00a0)",
    "Machine (x; ü😀)",
    "Machine (x; a; b)",
    "Machine (x;  )",
    "Machine (;)",
    "Machine ()",
    "Machine (x)",
    "Machine (x)\u0085",
    "Machine (x; web)\u2029",
    "Machine (x (y); web)",
    "Machine(x; web)",
    " Machine (x; web)",
    "machine (x; web)",
    'Say "hi"',
    '" "',
    "",
    '" 200 - "a" "b',
]
STATUSES = ["200", "503", "500", "499", "000", "999", "20", "2000", "٢٠٠", "-"]
SIZES = ["-", "12", "", "x", "1 2"]
REFERERS = ["-", "", "http://x/", 'a" "b', '"']
NOISE = ['"', '" ', ' "', " - ", "  - ", "[", "]", " ", "\r", "\\", "\u0085", "é", "😀", ",", " 200 ", '" "', "\0", "$1"]


def line_of(chance: random.Random) -> str:
    pick = chance.choice
    likely = chance.random() < 0.6
    address, user = pick(ADDRESSES), pick(USERS)
    time = pick(TIMES[:2] if likely else TIMES)
    status = pick(STATUSES[:2] if likely else STATUSES)
    request, agent = pick(REQUESTS), pick(AGENTS)
    line = pick(
        [
            f'{address}  - {user} "{request}" {status} [{time}] "{agent}"',
            f'{address} - {user} [{time}] "{request}" {status} "{agent}"',
            f'{address} {pick(["-", "id", "", "x y"])} {user} [{time}] "{request}" {status} {pick(SIZES)} "{pick(REFERERS)}" "{agent}"',
            f'{address} - {user}, [{time}], "{request}", {status}, "{agent}"',
        ]
    )
    for _ in range(pick([0, 0, 0, 1, 2])):
        at = chance.randrange(len(line) + 1)
        line = line[:at] + pick([*NOISE, ""]) + line[at + pick([0, 0, 1]) :]
    return line


def test_lines_are_taken_apart_as_by_the_embedded_run(spark: SparkSession, tmp_path: Path, pulselake: Workbench) -> None:
    seed = int(os.environ.get("PULSELAKE_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    logs = tmp_path / "logs"
    logs.mkdir()
    # Two names: in one of them the path names the called service.
    for name in ("access.log", "named-2026-05-18.txt"):
        lines = [line_of(chance).encode() for _ in range(LINES // 2)]
        torn = [line[: chance.randrange(len(line) + 1)] + b"\xe9" + line[len(line) // 2 :] for line in lines[:200]]
        (logs / name).write_bytes(b"\n".join([*lines, *torn]))
    lake, embedded = tmp_path / "lake", tmp_path / "embedded"
    report_day(spark, lake, DAYS[0], DAYS[-1], inputs=(f"{logs}/*",))
    pulselake("ingest", "logs", str(logs), *DATES, "--lake", str(embedded))
    (lake / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    report = "SELECT report_date, id, source, target, total_requests, failed_requests FROM traffic_reports"
    rejects = "SELECT reason, raw, raw_base64, truncated, count(*) AS n FROM rejected_records GROUP BY ALL"

    def texts(folder: Path, sql: str) -> set[str]:
        return {json.dumps(row, ensure_ascii=True, sort_keys=True) for row in pulselake.rows(folder, sql)}

    for sql in (report, rejects):
        ours, theirs = texts(lake, sql), texts(embedded, sql)
        assert sorted(ours - theirs)[:5] == sorted(theirs - ours)[:5] == []
