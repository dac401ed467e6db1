/** What all fast generators take. The same options give the same bytes. */
export interface BulkOptions {
  /** Records to make; a whole number, 0 or more. */
  readonly records: number;
  readonly seed: number;
  /** Start of the data, milliseconds since the epoch, 0 or more; default 2024-03-01T00:00:00Z. */
  readonly startMs?: number | undefined;
  /** Days over which the records are spread, above 0; default 3. */
  readonly days?: number | undefined;
}

const DEFAULT_START_MS = 1_709_251_200_000;
const DAY_MS = 86_400_000;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws RangeError when an option is out of its range
 */
export function bulkPeriod({ records, startMs = DEFAULT_START_MS, days = 3 }: BulkOptions): {
  readonly startMs: number;
  readonly lengthMs: number;
} {
  if (!Number.isSafeInteger(records) || records < 0) {
    throw new RangeError(`records is ${records}; it must be a whole number, 0 or more.`);
  }
  if (!(days > 0 && days <= 36_500)) throw new RangeError(`days is ${days}; it must be above 0 and at most 36500.`);
  if (!Number.isSafeInteger(startMs) || startMs < 0) {
    throw new RangeError(`startMs is ${startMs}; it must be a whole number of milliseconds, 0 or more.`);
  }
  return { startMs, lengthMs: Math.floor(days * DAY_MS) };
}

/**
 * Checks a count.
 *
 * @throws RangeError when it is no whole number from 1 to 10,000
 */
export function checkedCount(name: string, count: number): number {
  if (!Number.isSafeInteger(count) || count < 1 || count > 10_000) {
    throw new RangeError(`${name} is ${count}; it must be a whole number between 1 and 10000.`);
  }
  return count;
}
