import { formatInstant } from '@pulselake/data-model';
import { DashboardSqlError } from './errors.js';

/**
 * An instant in UTC in a pattern of `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss` with `-`, `:`, `.`, `/` and blanks between them.
 *
 * @throws DashboardSqlError for any other pattern
 * @throws RangeError when the instant lies outside the years 0000–9999
 * @example formatRawTime(0, 'yyyy-MM-dd') // '1970-01-01'
 */
export function formatRawTime(epochMs: number, pattern: string): string {
  if (!/^(?:yyyy|MM|dd|HH|mm|ss|[-:./ ])+$/.test(pattern)) {
    throw new DashboardSqlError(`"${pattern}" is no time pattern; write it like yyyy-MM-dd HH:mm:ss.`);
  }
  const text = formatInstant(epochMs);
  const parts: Readonly<Record<string, string>> = {
    yyyy: text.slice(0, 4),
    MM: text.slice(5, 7),
    dd: text.slice(8, 10),
    HH: text.slice(11, 13),
    mm: text.slice(14, 16),
    ss: text.slice(17, 19),
  };
  return pattern.replace(/[a-zA-Z]+/g, (token) => parts[token] ?? token);
}
