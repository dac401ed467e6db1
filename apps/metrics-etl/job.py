"""What the Glue job runs: batches of metrics from the landing bucket into the lake. `metrics_etl` comes beside it as a wheel."""

import sys

from metrics_etl.run_job import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Glue takes any exit, also one with 0, as a fault of some versions: only a failure exits.
    if code != 0:
        sys.exit(code)
