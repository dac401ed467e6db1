import { z } from 'zod';

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/**
 * Reads an ISO-8601 instant as milliseconds since the epoch, cut (floor) to the millisecond.
 *
 * Accepts exactly `YYYY-MM-DDTHH:MM:SS[.1–9 digits]Z`, years 0001–9999, real dates, 00:00:00–23:59:59.
 *
 * @returns the milliseconds, or `undefined` for any other text
 * @example parseInstant('2020-01-01T11:32:54.0019Z') // 1577878374001
 */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
}

/**
 * Writes an instant with exactly three fraction digits, as every engine does.
 *
 * @param epochMs milliseconds since the epoch, years 0001–9999
 * @throws RangeError when the instant lies outside years 0000–9999
 * @example formatInstant(0) // '1970-01-01T00:00:00.000Z'
 */
export function formatInstant(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  if (text.length !== 24) throw new RangeError(`${text} lies outside the years 0000–9999`);
  return text;
}

/** The UTC day of an instant as `YYYY-MM-DD`: the value of the partition columns `dt` and `report_date`. */
export function utcDay(epochMs: number): string {
  return formatInstant(epochMs).slice(0, 10);
}

/** An instant of the wire formats, kept as text. */
export const InstantSchema = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, {
    error: 'must be an instant like 2020-01-01T11:32:54Z: capitals, UTC, 0 to 9 fraction digits, a real date',
  })
  .meta({ format: 'date-time', pattern: INSTANT.source });

/** A UTC day, `YYYY-MM-DD`. */
export const UtcDaySchema = z
  .string()
  .refine((text) => parseInstant(`${text}T00:00:00Z`) !== undefined, { error: 'must be a day like 2024-02-29' })
  .meta({ format: 'date' });
