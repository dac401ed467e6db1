import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnrichedTrafficReportRowSchema } from '@pulselake/data-model';
import {
  compactLake,
  forgetInputs,
  inputsNamed,
  type Lake,
  pruneLake,
  refreshEnrichedReports,
  verifyLake,
} from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { openLake } from './support/lakes.js';
import { callsOf, commitTraffic, commitWindows, DAY_MS, DAY_ONE_MS } from './support/small-lake.js';
import { forgeFile } from './support/tamper.js';
import { temporaryFolder } from './support/temporary-folder.js';

const DAY = DAY_ONE_MS / DAY_MS;
const ENRICHED = 'traffic_reports_enriched/report_date=2024-03-01/report.json';
const whole = { minValue: 1, maxValue: 4, sumValue: 10, sampleCount: 4, fromMs: DAY_ONE_MS };
const later = { ...whole, fromMs: DAY_ONE_MS + 300_000 };
const ORDERS = ['orders', 'latency', 'ms'] as const;

const metricsOf = (lake: Lake, target: string) =>
  readFileSync(join(lake.root, ENRICHED), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => EnrichedTrafficReportRowSchema.parse({ ...(JSON.parse(line) as object), reportDate: '2024-03-01' }))
    .find((row) => row.target === target)?.metrics;

const problems = async (lake: Lake) => (await verifyLake(lake)).problems;

describe('the enriched report', () => {
  it('has the metrics of the called service over the day, both sources together, in the order of their names', async () => {
    const lake = await openLake(temporaryFolder());
    await commitWindows(lake, 'batch', [
      { ...whole, names: ORDERS },
      { ...later, names: ORDERS, minValue: -3, sumValue: 2, sampleCount: 1 },
      { ...whole, names: ['orders', 'errors', 'count'] },
      { ...whole, names: ['cart', 'latency', 'ms'] },
      { ...whole, names: ORDERS, fromMs: DAY_ONE_MS + DAY_MS, maxValue: 1000 },
    ]);
    await commitWindows(lake, 'live', [{ ...whole, names: ORDERS, maxValue: 9 }], { account: 'samples' });
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7), callsOf(DAY, 'cart', 'stock', 1)]);
    expect(metricsOf(lake, 'orders')).toEqual([
      { metricName: 'errors', unit: 'count', minValue: 1, maxValue: 4, avgValue: 2.5 },
      { metricName: 'latency', unit: 'ms', minValue: -3, maxValue: 9, avgValue: 22 / 9 },
    ]);
    expect(metricsOf(lake, 'stock')).toEqual([]);
    expect(await problems(lake)).toEqual([]);
  });

  it('has no average where a window came without sum or count', async () => {
    const lake = await openLake(temporaryFolder());
    await commitWindows(lake, 'batch', [
      { ...whole, names: ORDERS },
      { minValue: 2, maxValue: 3, fromMs: later.fromMs, names: ORDERS },
    ]);
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7)]);
    expect(metricsOf(lake, 'orders')).toEqual([{ metricName: 'latency', unit: 'ms', minValue: 1, maxValue: 4 }]);
  });

  it('takes up windows that come after the report, once', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7)]);
    expect(await refreshEnrichedReports(lake)).toBeUndefined();
    await commitWindows(lake, 'other-day', [{ ...whole, names: ORDERS, fromMs: DAY_ONE_MS + DAY_MS }]);
    expect(await refreshEnrichedReports(lake)).toBeUndefined();
    await commitWindows(lake, 'batch', [{ ...whole, names: ORDERS }]);
    expect(metricsOf(lake, 'orders')).toEqual([]);
    expect(await refreshEnrichedReports(lake)).toMatchObject({ stage: 'traffic-report', rowsWritten: 1 });
    expect(metricsOf(lake, 'orders')).toHaveLength(1);
    expect(await refreshEnrichedReports(lake)).toBeUndefined();
    expect(await problems(lake)).toEqual([]);
  });

  it('loses what came from an input that is forgotten, and stays when files are merged', async () => {
    const lake = await openLake(temporaryFolder());
    for (const [inputId, window] of [
      ['a'.repeat(64), whole],
      ['b'.repeat(64), { ...later, maxValue: 9 }],
    ] as const) {
      await commitWindows(lake, `run-${inputId}`, [{ ...window, names: ORDERS }], {
        inputId,
        name: `batch-${inputId}`,
      });
    }
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7)]);
    expect(await compactLake(lake)).toHaveLength(1);
    expect(await refreshEnrichedReports(lake)).toBeUndefined();
    await forgetInputs(lake, (runs) => inputsNamed(runs, 'b'.repeat(64)));
    await refreshEnrichedReports(lake);
    expect(metricsOf(lake, 'orders')).toMatchObject([{ maxValue: 4 }]);
    expect(await problems(lake)).toEqual([]);
  });

  it('goes with its day, and does not come back', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7)]);
    await pruneLake(lake, '2024-03-02');
    expect(existsSync(join(lake.root, ENRICHED))).toBe(false);
    await commitWindows(lake, 'batch', [{ ...whole, names: ORDERS }]);
    expect(await refreshEnrichedReports(lake)).toBeUndefined();
  });

  it('is proved to have the calls of the report', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'logs', [callsOf(DAY, 'cart', 'orders', 7)]);
    const text = readFileSync(join(lake.root, ENRICHED), 'utf8');
    await forgeFile(lake, ENRICHED, text.replace('"totalRequests":7', '"totalRequests":8'));
    expect(await problems(lake)).toEqual([
      {
        subject: 'traffic_reports_enriched/report_date=2024-03-01',
        message: "The enriched report has other calls than the day's report.",
      },
    ]);
  });
});
