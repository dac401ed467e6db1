import { daysFromCivil, isCivilDay, parseInstantBytes, twoDigits } from '../bytes/parse-instant-bytes.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;
const FIRST_MS = daysFromCivil(1, 1, 1) * DAY_MS;
const LAST_MS = daysFromCivil(9999, 12, 31) * DAY_MS + DAY_MS - 1;

/** Reads an instant, or `dd/Mon/yyyy:HH:mm:ss ±hhmm`, as milliseconds since the epoch; NaN for anything else. */
export function parseLogTimeBytes(bytes: Buffer, start: number, end: number): number {
  if (bytes[start + 2] !== 0x2f) return parseInstantBytes(bytes, start, end);
  if (end - start !== 26 || bytes[start + 6] !== 0x2f || bytes[start + 11] !== 0x3a) return NaN;
  if (bytes[start + 14] !== 0x3a || bytes[start + 17] !== 0x3a || bytes[start + 20] !== 0x20) return NaN;
  const sign = bytes[start + 21] === 0x2b ? 1 : bytes[start + 21] === 0x2d ? -1 : 0;
  const month = MONTHS.indexOf(bytes.toString('latin1', start + 3, start + 6)) + 1;
  const day = twoDigits(bytes, start);
  const century = twoDigits(bytes, start + 7);
  const yearOfCentury = twoDigits(bytes, start + 9);
  const hour = twoDigits(bytes, start + 12);
  const minute = twoDigits(bytes, start + 15);
  const second = twoDigits(bytes, start + 18);
  const offsetHours = twoDigits(bytes, start + 22);
  const offsetMinutes = twoDigits(bytes, start + 24);
  if (sign === 0 || month === 0) return NaN;
  if ((day | century | yearOfCentury | hour | minute | second | offsetHours | offsetMinutes) < 0) return NaN;
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return NaN;
  const year = century * 100 + yearOfCentury;
  if (!isCivilDay(year, month, day)) return NaN;
  const local = daysFromCivil(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
  const utc = local - sign * (offsetHours * 60 + offsetMinutes) * 60_000;
  return utc < FIRST_MS || utc > LAST_MS ? NaN : utc;
}
