import type { Unit } from '@pulselake/dashboards';

/**
 * Grafana's name of a unit. A unit that is data cannot be a field's: it stands in the names of series and in a column
 * of tables, and the number is shown plainly.
 */
export function grafanaUnit(unit: Unit): string {
  if (typeof unit !== 'string') return 'short';
  return {
    count: 'short',
    share: 'percentunit',
    milliseconds: 'ms',
    instant: 'dateTimeAsIso',
    // Not "none", which shows texts of digits as numbers: 8e10 is the id of a pair.
    day: 'string',
    text: 'string',
  }[unit];
}
