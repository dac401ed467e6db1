"""Sizes that every engine agrees on; lengths of texts are in code points."""

MAX_RECORD_BYTES = 1 << 20
MAX_NAME_LENGTH = 128
MAX_UNIT_LENGTH = 32
MAX_EVENT_ID_LENGTH = 64
#: What is kept of a rejected record.
MAX_RAW_BYTES = 8192
MAX_SAFE_INTEGER = 2**53 - 1
