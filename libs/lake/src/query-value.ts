import type { DuckDBDecimalValue, DuckDBValue } from '@duckdb/node-api';
import type { QueryValue } from '@pulselake/dashboards';
import { duckDb } from './duckdb.js';

/**
 * A DuckDB value as a result holds it: numbers are doubles, integers beyond 2^53 and decimals of more than 15 digits texts,
 * instants ISO-8601 texts.
 */
export function queryValue(value: DuckDBValue): QueryValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  const types = duckDb();
  if (value instanceof types.DuckDBTimestampTZValue || value instanceof types.DuckDBTimestampValue)
    return instant(value.micros);
  if (value instanceof types.DuckDBTimestampMillisecondsValue) return instant(value.millis * 1000n);
  if (value instanceof types.DuckDBTimestampSecondsValue) return instant(value.seconds * 1_000_000n);
  if (value instanceof types.DuckDBTimestampNanosecondsValue) return instant(value.nanos / 1000n);
  if (value instanceof types.DuckDBDecimalValue) return decimal(value);
  if (value instanceof types.DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof types.DuckDBListValue || value instanceof types.DuckDBArrayValue)
    return value.items.map(queryValue);
  if (value instanceof types.DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, queryValue(entry)]));
  }
  if (value instanceof types.DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: entry }) => [
        typeof key === 'string' ? key : JSON.stringify(queryValue(key)),
        queryValue(entry),
      ]),
    );
  }
  return String(value);
}

/** Decimals of up to 15 digits are doubles and come back whole. */
const FIRST_OF_16_DIGITS = 10n ** 15n;

function decimal(value: DuckDBDecimalValue): number | string {
  const isShort = value.value > -FIRST_OF_16_DIGITS && value.value < FIRST_OF_16_DIGITS;
  return isShort ? value.toDouble() : value.toString();
}

const MICROS_PER_MILLI = 1000n;

/** Three fraction digits, six where the instant has microseconds. */
function instant(micros: bigint): string {
  const rest = ((micros % MICROS_PER_MILLI) + MICROS_PER_MILLI) % MICROS_PER_MILLI;
  const millis = Number((micros - rest) / MICROS_PER_MILLI);
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return `${micros} microseconds since the epoch`;
  const text = date.toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
