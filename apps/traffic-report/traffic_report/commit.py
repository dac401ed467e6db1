"""
From what was written aside to the lake, also for a run that is killed on the way: what it is about to do is written down first, and
the next run does the rest of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Callable

from .ledger import STAGE, Run, encode_run
from .staged import Staged, publish
from .storage import Storage

_PLAN = "commit.json"


def commit(storage: Storage, lake: str, staging: str, run: Run, files: Sequence[Staged]) -> None:
    """Puts files in place, removes what the run replaces and does not overwrite, and writes its entry in the ledger."""
    written = {file.key for file in files}
    plan = {
        "files": [[file.path, file.key, file.rows] for file in files],
        "removed": [key for key in run.replaced if key not in written],
        "entry": [run.key, encode_run(run)],
    }
    storage.write_text(f"{staging}/{_PLAN}", json.dumps(plan))
    carry_out(storage, lake, staging)


def is_planned(storage: Storage, staging: str) -> bool:
    """Whether a run had got so far that it can be brought to its end."""
    return storage.exists(f"{staging}/{_PLAN}")


def carry_out(storage: Storage, lake: str, staging: str) -> None:
    """Does what is planned, or what is left of it."""
    plan = json.loads(storage.read_text(f"{staging}/{_PLAN}"))
    # A file that is no longer aside has been moved already.
    left = [Staged(path, key, rows) for path, key, rows in plan["files"] if storage.exists(path)]
    publish(storage, lake, left)
    for key in plan["removed"]:
        storage.delete(f"{lake}/{key}")
    key, entry = plan["entry"]
    storage.write_text(f"{lake}/{key}", entry)
    storage.delete(staging)


def recover(storage: Storage, lake: str, run_id: str, say: Callable[[str], None]) -> None:
    """Brings runs that were killed to their end, or removes what they left behind when they had replaced nothing yet."""
    for name in storage.folders(f"{lake}/_staging"):
        staging = f"{lake}/_staging/{name}"
        if not name.startswith(f"{STAGE}-") or name == run_id:
            continue
        if is_planned(storage, staging):
            say(f"{name} had not come to its end: what it had written is put in place")
            carry_out(storage, lake, staging)
        else:
            storage.delete(staging)
