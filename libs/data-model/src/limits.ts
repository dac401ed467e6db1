/** Longest record in bytes, its line end not counted: 1 MiB, the most a Kinesis record holds by default. */
export const MAX_RECORD_BYTES = 1_048_576;

/** Longest `componentName` and `metricName`, in Unicode code points. */
export const MAX_NAME_LENGTH = 128;

/** Longest `unit`, in Unicode code points. */
export const MAX_UNIT_LENGTH = 32;

/** Longest `eventId`, in Unicode code points. */
export const MAX_EVENT_ID_LENGTH = 64;

/** Most bytes of a rejected record's raw text that are kept; a longer one is cut to whole code points. */
export const MAX_RAW_BYTES = 8_192;

/** Largest `sampleCount`: 2^53 − 1, the last integer that a double holds exactly. */
export const MAX_SAMPLE_COUNT = Number.MAX_SAFE_INTEGER;
