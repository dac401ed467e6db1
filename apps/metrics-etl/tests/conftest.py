"""One S3 for all tests: moto's server on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from .fake_s3 import Bucket, FakeS3


@pytest.fixture(scope="session")
def s3() -> Iterator[FakeS3]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield FakeS3(f"http://{host}:{port}")
        server.stop()


@pytest.fixture
def bucket(s3: FakeS3) -> Bucket:
    return s3.new_bucket()
