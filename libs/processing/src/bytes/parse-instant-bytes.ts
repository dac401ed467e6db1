const DAY_MS = 86_400_000;

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar; month 1–12. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the day exists, in the years 0001–9999. */
export function isCivilDay(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= MONTH_LENGTHS[month - 1]! + (leap ? 1 : 0);
}

/** Two ASCII digits as a number, or a negative number when they are not two digits. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 48;
  const low = bytes[at + 1]! - 48;
  return high >>> 0 > 9 || low >>> 0 > 9 ? -1 : high * 10 + low;
}

let cachedDayKey = -1;
let cachedDayMs = 0;

/**
 * Reads `YYYY-MM-DDTHH:MM:SS[.1–9 digits]Z` as milliseconds since the epoch, cut to the millisecond.
 *
 * @returns the milliseconds, or NaN for anything else. The start of the day last read is remembered.
 */
export function parseInstantBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 20 || length > 30 || bytes[end - 1] !== 0x5a) return NaN;
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d || bytes[start + 10] !== 0x54) return NaN;
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return NaN;
  const century = twoDigits(bytes, start);
  const yearOfCentury = twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  if ((century | yearOfCentury | month | day | hour | minute | second) < 0) return NaN;
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  let millis = 0;
  if (length > 20) {
    if (bytes[start + 19] !== 0x2e || length < 22) return NaN;
    let scale = 100;
    for (let at = start + 20; at < end - 1; at++) {
      const digit = bytes[at]! - 48;
      if (digit >>> 0 > 9) return NaN;
      if (scale >= 1) {
        millis += digit * scale;
        scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
      }
    }
  }
  // Room for two digits each: a month or a day that does not exist must not have the key of one that does.
  const dayKey = ((century * 100 + yearOfCentury) * 100 + month) * 100 + day;
  if (dayKey !== cachedDayKey) {
    const year = century * 100 + yearOfCentury;
    if (!isCivilDay(year, month, day)) return NaN;
    cachedDayMs = daysFromCivil(year, month, day) * DAY_MS;
    cachedDayKey = dayKey;
  }
  return cachedDayMs + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
}
