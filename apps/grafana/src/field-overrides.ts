import type { PanelColumn } from '@pulselake/dashboards';
import { grafanaUnit } from './grafana-unit.js';

export interface FieldProperty {
  readonly id: string;
  readonly value: unknown;
}

const step = (value: number | null, color: string) => ({ value, color });
const GOOD = 'green';
const BAD = 'red';

const ANY_IS_BAD = [step(null, GOOD), step(1, BAD)];
const SHARE_IS_BAD = [step(null, GOOD), step(0.01, 'orange'), step(0.05, BAD)];
const ONLY_ZERO_IS_GOOD = [step(null, BAD), step(0, GOOD), step(1, BAD)];

/** What is wrong when it is not zero; the name may have a query's name before it. */
function thresholdsOf(name: string) {
  if (/unaccounted$/.test(name)) return ONLY_ZERO_IS_GOOD;
  if (/failure_share$/.test(name)) return SHARE_IS_BAD;
  if (/(failed_runs|failed_requests|rejected|late)$/.test(name)) return ANY_IS_BAD;
  return undefined;
}

/** Heading, unit and thresholds of a column. */
export function columnProperties({ name, title, unit }: PanelColumn, inTable: boolean): FieldProperty[] {
  const steps = thresholdsOf(name);
  return [
    { id: 'displayName', value: title },
    { id: 'unit', value: grafanaUnit(unit) },
    ...(steps === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: 'absolute', steps } },
          { id: 'color', value: { mode: 'thresholds' } },
          ...(inTable ? [{ id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
        ]),
  ];
}
