import type { WindowedMetric } from '@pulselake/data-model';

const MINUTE_MS = 60_000;

/** With camelCase keys, as on the wire. */
export type ExtraWindow = Readonly<Record<string, string | number>>;

interface Extra {
  readonly componentName: string;
  readonly source: WindowedMetric['source'];
  readonly partId?: string;
  readonly revision?: number;
  /** Every so many windows come without a sum. */
  readonly withoutSumEvery?: number;
  /** Added to all values, so that rows of the same window can be told apart. */
  readonly offset?: number;
}

/** Windows of five minutes over some hours of `day`. */
export function extraWindows(day: string, { hours, ...extra }: Extra & { readonly hours: number }): ExtraWindow[] {
  const { componentName, source, partId = '', revision = 0, withoutSumEvery = 7, offset = 0 } = extra;
  const start = Date.parse(`${day}T06:00:00.000Z`);
  return Array.from({ length: hours * 12 }, (_, at) => {
    const from = start + at * 5 * MINUTE_MS;
    const value = offset + at / 3;
    return {
      componentName,
      metricName: 'latency',
      unit: 'ms',
      minValue: value,
      maxValue: value * 1.1 + 1,
      ...(at % withoutSumEvery !== 0 && { sumValue: value * 10.3, sampleCount: 10 }),
      fromTimestamp: new Date(from).toISOString(),
      toTimestamp: new Date(from + 5 * MINUTE_MS).toISOString(),
      source,
      partId,
      revision,
      emittedAt: new Date(from + 6 * MINUTE_MS + revision * MINUTE_MS).toISOString(),
      inputId: '',
    };
  });
}

const CSV_COLUMNS = [
  'componentName',
  'metricName',
  'unit',
  'minValue',
  'maxValue',
  'sumValue',
  'sampleCount',
  'fromTimestamp',
  'toTimestamp',
];

/** As a legacy service delivers them: nothing quoted. */
export function asCsv(windows: readonly ExtraWindow[]): string {
  const lines = windows.map((window) => CSV_COLUMNS.map((column) => window[column] ?? '').join(','));
  return [CSV_COLUMNS.join(','), ...lines].join('\n');
}
