/**
 * Why a record was rejected, in the order of precedence: a record has exactly one reason, the first that applies.
 *
 * - `bad-encoding` the line is not UTF-8
 * - `too-long` the record exceeds `maxRecordBytes`, or a name, unit or id its length
 * - `malformed` not JSON, not an object, a wrong number of CSV fields, a torn quote
 * - `unparsed-line` an access log line of no known shape, or without source or target
 * - `missing-field` a required field is absent, null or empty
 * - `wrong-type` a field holds another type
 * - `bad-timestamp` an instant outside the accepted form
 * - `not-finite` NaN, an infinity, or a number beyond double
 * - `min-above-max` a window whose minimum exceeds its maximum
 * - `empty-window` a window that does not end after it starts
 * - `future` an event further ahead of the clock than `maxFutureSkewSeconds`
 * - `late` an event for a window that is no longer held
 */
export const REJECT_REASONS = [
  'bad-encoding',
  'too-long',
  'malformed',
  'unparsed-line',
  'missing-field',
  'wrong-type',
  'bad-timestamp',
  'not-finite',
  'min-above-max',
  'empty-window',
  'future',
  'late',
] as const;

/** One of {@link REJECT_REASONS}. */
export type RejectReason = (typeof REJECT_REASONS)[number];
