const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Writes a time as web servers do, cut to the second: `dd/Mon/yyyy:HH:mm:ss ±hhmm`.
 *
 * @param epochMs milliseconds since the epoch
 * @param offsetMinutes minutes ahead of UTC, -1439 to 1439
 * @example formatLogTime(0, 90) // '01/Jan/1970:01:30:00 +0130'
 */
export function formatLogTime(epochMs: number, offsetMinutes: number): string {
  const local = new Date(epochMs + offsetMinutes * 60_000);
  const text = local.toISOString();
  const minutes = Math.abs(offsetMinutes);
  const offset = `${Math.floor(minutes / 60)}`.padStart(2, '0') + `${minutes % 60}`.padStart(2, '0');
  const date = `${text.slice(8, 10)}/${MONTHS[local.getUTCMonth()]!}/${text.slice(0, 4)}`;
  return `${date}:${text.slice(11, 19)} ${offsetMinutes < 0 ? '-' : '+'}${offset}`;
}
