import { DashboardSqlError } from './errors.js';

const UNITS_MS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

/**
 * An interval as Grafana writes it, in the largest unit that divides it.
 *
 * @example formatInterval(300_000) // '5m'
 */
export function formatInterval(intervalMs: number): string {
  const whole = Math.max(1, Math.floor(intervalMs));
  const [unit, ms] = UNITS_MS.find(([, unitMs]) => whole % unitMs === 0) ?? ['ms', 1];
  return `${whole / ms}${unit}`;
}

/**
 * The milliseconds of an interval such as `5m`.
 *
 * @throws DashboardSqlError for any other text
 */
export function parseIntervalMs(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unitMs = UNITS_MS.find(([unit]) => unit === match?.[2])?.[1] ?? 0;
  const intervalMs = Number(match?.[1] ?? 0) * unitMs;
  if (intervalMs < 1) throw new DashboardSqlError(`"${text}" is no interval; write it like 30s, 5m, 1h or 1d.`);
  return intervalMs;
}
