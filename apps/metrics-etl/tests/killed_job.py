"""Runs the job, and kills it before or after one of the calls that change something. A program of its own.

python -m tests.killed_job CALL before|after ARGUMENTS…
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from metrics_etl.arguments import parse_arguments
from metrics_etl.run_job import run_job
from metrics_etl.s3_object_store import s3_client

CHANGING = ("put_object", "delete_objects")


class KillingClient:
    def __init__(self, client: Any, call: int, moment: str) -> None:
        self._client = client
        self._left = call
        self._moment = moment

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if operation not in CHANGING:
                return getattr(self._client, operation)(**arguments)
            self._left -= 1
            if self._left == 0 and self._moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            answer = getattr(self._client, operation)(**arguments)
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return call


if __name__ == "__main__":
    given = parse_arguments(sys.argv[3:])
    client = KillingClient(s3_client(given.endpoint_url, given.region), int(sys.argv[1]), sys.argv[2])
    sys.exit(run_job(given, client, lambda: int(time.time() * 1000), print))
