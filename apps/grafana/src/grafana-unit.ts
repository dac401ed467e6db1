import type { Unit } from '@pulselake/dashboards';

/**
 * Grafana's name of a unit. A unit that is data stands in the names of series and in a column of tables, and the number
 * is shown plainly, unless {@link grafanaUnitsOfData} knows it.
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

/** Units as services write them, for series that are told apart by their unit, and Grafana's names of the same. */
export const grafanaUnitsOfData: readonly (readonly [written: string, unit: string])[] = [
  ['ms', 'ms'],
  ['milliseconds', 'ms'],
  ['s', 's'],
  ['seconds', 's'],
  ['µs', 'µs'],
  ['percent', 'percent'],
  ['%', 'percent'],
  ['bytes', 'bytes'],
  ['celsius', 'celsius'],
];
