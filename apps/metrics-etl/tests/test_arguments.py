"""The job's arguments, as Glue hands them over."""

from __future__ import annotations

import pytest

from metrics_etl.arguments import Location, parse_arguments
from metrics_etl.errors import UsageError
from metrics_etl.window_settings import WindowSettings

LAKE = ("--lake", "s3://lake/p")


def test_what_glue_adds_is_left_aside() -> None:
    given = parse_arguments(
        [
            *("--JOB_NAME", "metrics-etl", "--JOB_RUN_ID", "jr_1", "--JOB_ID", "j_1"),
            *("--extra-py-files", "s3://a/b.whl", "--additional-python-modules", "pyarrow==20.0.0,boto3==1.42.97"),
            *("--scriptLocation", "s3://a/job.py", "--job-language", "python", "--TempDir", "s3://a/tmp"),
            *("--enable-metrics", "--client-token", "t", "--library-set", "none", "--enable-job-insights", "true"),
            *("--python-modules-installer-option", "--no-deps"),
            *LAKE,
        ]
    )
    assert given.lake == Location("lake", "p/")
    assert given.landing == Location("lake", "p/landing/")
    assert given.objects is None
    assert given.settings == WindowSettings(300, 300)


def test_every_setting_has_the_name_of_the_other_engines() -> None:
    given = parse_arguments(
        [
            *(*LAKE, "--landing", "s3://landing", "--now", "2024-05-01T12:00:00Z", "--objects", '["a.csv"]'),
            *("--windowSizeSeconds", "60", "--maxFutureSkewSeconds=0", "--outOfOrdernessSeconds", "1"),
            *("--idleTimeoutSeconds", "2", "--allowedLatenessSeconds", "3", "--force", "true", "--region", "eu-west-1"),
        ]
    )
    assert given.settings == WindowSettings(60, 0)
    assert given.landing == Location("landing", "")
    assert (given.now_ms, given.objects, given.force) == (1_714_564_800_000, ["a.csv"], True)
    assert (given.replace, given.region) == (False, "eu-west-1")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--lake is missing"),
        (["--lake"], "--lake has no value"),
        (["--lake", "/tmp"], "--lake is /tmp; it must be s3://BUCKET"),
        ([*LAKE, *LAKE], "--lake is given twice"),
        ([*LAKE, "--windowSizeSecond", "60"], "Did you mean --windowSizeSeconds?"),
        ([*LAKE, "--windowSizeSeconds", "0"], "must be a whole number of seconds from 1 to 86400"),
        ([*LAKE, "--windowSizeSeconds", "1e3"], "must be a whole number of seconds"),
        ([*LAKE, "--now", "yesterday"], "--now is yesterday; it must be an instant"),
        ([*LAKE, "--objects", "[]"], "--objects is \\[\\]"),
        ([*LAKE, "--objects", "[1]"], "--objects is \\[1\\]"),
        ([*LAKE, "--force", "yes"], "--force is yes; it must be true or false"),
        ([*LAKE, "stray"], "stray is no argument"),
    ],
)
def test_fails_with_what_is_allowed(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_arguments(words)
