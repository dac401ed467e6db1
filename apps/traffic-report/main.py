"""What EMR Serverless runs: the traffic report of one day or several. `--help` says what it takes."""

from __future__ import annotations

import sys

from traffic_report.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
