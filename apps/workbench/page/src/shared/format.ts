import type { QueryValue, Unit } from '@pulselake/dashboards';

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const FOUR_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** What stands where there is nothing. */
const NOTHING = '–';

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** A whole number with separators. Large integers come as texts. */
export function formatCount(value: QueryValue | undefined): string {
  return isNothing(value) ? NOTHING : GROUPED.format(Number(value));
}

/** A count in few characters: 12.3K. */
export function formatCompact(value: QueryValue | undefined): string {
  return isNothing(value) ? NOTHING : COMPACT.format(Number(value));
}

/** A measured value with four digits. */
export function formatValue(value: number | null | undefined): string {
  if (isNothing(value)) return NOTHING;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(2);
  if (size >= 1e6) return COMPACT.format(value);
  return size >= 1000 ? GROUPED.format(value) : FOUR_DIGITS.format(value);
}

/** A share of 0 to 1 in percent. */
export function formatShare(value: number | null | undefined): string {
  if (isNothing(value)) return NOTHING;
  if (value > 0 && value < 0.001) return '<0.1 %';
  return `${(value * 100).toFixed(value === 0 || value === 1 ? 0 : 1)} %`;
}

export function formatDayAndTime(epochMs: number): string {
  return DAY_AND_TIME.format(epochMs);
}

/** `2024-03-01` as `Fri, 1 Mar 2024`; anything else, as from a hand-edited address, as it is. */
export function formatDay(day: string): string {
  const epochMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(epochMs) ? day : DAY.format(epochMs);
}

/** How long ago an instant was, in one unit, or how long until it comes: a window under way ends ahead of the clock. */
export function formatAge(epochMs: number, nowMs = Date.now()): string {
  const seconds = Math.round((nowMs - epochMs) / 1000);
  return seconds < 0 ? `in ${inOneUnit(-seconds)}` : `${inOneUnit(seconds)} ago`;
}

function inOneUnit(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** A length of time. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs} ms`;
  if (durationMs < 120_000) return `${(durationMs / 1000).toFixed(1)} s`;
  if (durationMs < 2 * 3_600_000) return `${Math.round(durationMs / 60_000)} min`;
  if (durationMs < 2 * 86_400_000) return `${Math.round(durationMs / 3_600_000)} h`;
  return `${Math.round(durationMs / 86_400_000)} days`;
}

/** A cell by the unit that the dashboard's definition gives its column. */
export function formatCell(value: QueryValue | undefined, unit: Unit): string {
  if (isNothing(value)) return NOTHING;
  if (typeof unit === 'object') return formatValue(Number(value));
  if (unit === 'count') return formatCount(value);
  if (unit === 'share') return formatShare(Number(value));
  if (unit === 'milliseconds') return formatDuration(Number(value));
  if (unit === 'instant') return formatDayAndTime(Date.parse(textOf(value)));
  return textOf(value);
}

/** A value as text; empty when there is none. */
export function textOf(value: QueryValue | undefined): string {
  if (isNothing(value)) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether values of this unit are numbers, to be set right and sorted largest first. */
export function isNumeric(unit: Unit): boolean {
  return typeof unit === 'object' || unit === 'count' || unit === 'share' || unit === 'milliseconds';
}

export function plural(count: QueryValue, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Number(count) === 1 ? one : many}`;
}
