"""Speaks for S3 and Glue on a port of loopback, in memory, until it is ended."""

from __future__ import annotations

import sys

from moto.server import main

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
