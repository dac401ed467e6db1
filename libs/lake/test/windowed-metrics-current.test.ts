import type { QueryValue } from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '../src/index.js';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLake } from './support/lakes.js';
import { commitWindows, DAY_MS, DAY_ONE_MS, type TestWindow } from './support/small-lake.js';
import { temporaryFolder } from './support/temporary-folder.js';

type Delivery = readonly [windows: readonly TestWindow[], options?: Parameters<typeof commitWindows>[3]];

/** The view over these deliveries. */
async function currentOf(
  deliveries: readonly Delivery[],
  columns = 'min_value, max_value, sum_value, sample_count, avg_value, revision',
): Promise<readonly (readonly QueryValue[])[]> {
  const lake = await openLake(temporaryFolder());
  for (const [index, [windows, options]] of deliveries.entries())
    await commitWindows(lake, `run-${index}`, windows, { inputId: 'in', ...options });
  const engine = await DuckDbQueryEngine.open(lake.root);
  onTestFinished(() => engine.close());
  const { rows } = await engine.query(
    `SELECT ${columns} FROM windowed_metrics_current ORDER BY component_name, metric_name, unit, from_timestamp, source`,
  );
  return rows;
}

const row = { minValue: 1, maxValue: 4, sumValue: 10, sampleCount: 4, fromMs: DAY_ONE_MS };
const LATER = DAY_ONE_MS + 2000;

describe('windowed_metrics_current', () => {
  it('shows a delivery that came twice once', async () => {
    expect(await currentOf([[[row]], [[row]], [[row, row]]])).toEqual([[1, 4, 10, 4, 2.5, 0]]);
  });

  it('takes the highest revision of a part, whichever came last', async () => {
    const corrected = { ...row, sumValue: 15, sampleCount: 5, revision: 2 };
    const between = { ...row, maxValue: 99, revision: 1 };
    expect(
      await currentOf([[[corrected]], [[between], { emittedAtMs: LATER }], [[row], { emittedAtMs: LATER }]]),
    ).toEqual([[1, 4, 15, 5, 3, 2]]);
  });

  it('takes the latest emission of the same revision', async () => {
    const newer = { ...row, maxValue: 3 };
    expect(await currentOf([[[newer], { emittedAtMs: LATER }], [[row]]])).toEqual([[1, 3, 10, 4, 2.5, 0]]);
  });

  it('adds the parts of a window up', async () => {
    const other = { ...row, minValue: -1, maxValue: 2, sumValue: 2, sampleCount: 2 };
    expect(
      await currentOf([
        [[row], { partId: 'a' }],
        [[other], { partId: 'b' }],
        [[{ ...other, revision: 1 }], { partId: 'b' }],
        [[other], { partId: 'b', emittedAtMs: LATER }],
      ]),
    ).toEqual([[-1, 4, 12, 6, 2, 1]]);
  });

  it('has no sum, count or average when one part has none', async () => {
    const { minValue, maxValue, fromMs } = row;
    const bare = { minValue, maxValue, fromMs };
    expect(await currentOf([[[bare]]])).toEqual([[1, 4, null, null, null, 0]]);
    expect(
      await currentOf([
        [[row], { partId: 'a' }],
        [[bare], { partId: 'b' }],
      ]),
    ).toEqual([[1, 4, null, null, null, 0]]);
    expect(
      await currentOf([
        [[row], { partId: 'a' }],
        [[{ ...bare, sampleCount: 2 }], { partId: 'b' }],
      ]),
    ).toEqual([[1, 4, null, 6, null, 0]]);
    expect(
      await currentOf([
        [[row], { partId: 'a' }],
        [[{ ...bare, sumValue: 2 }], { partId: 'b' }],
      ]),
    ).toEqual([[1, 4, 12, null, null, 0]]);
  });

  it('has no sum when the parts add up to more than a double', async () => {
    const huge = { ...row, sumValue: 1.7e308 };
    expect(
      await currentOf([
        [[huge], { partId: 'a' }],
        [[huge], { partId: 'b' }],
      ]),
    ).toEqual([[1, 4, null, 8, null, 0]]);
  });

  it.each<[string, Partial<TestWindow>, Partial<TestWindow>]>([
    ['the higher maximum', { maxValue: 9 }, { maxValue: 4 }],
    ['the lower minimum', { minValue: 0 }, { minValue: 1 }],
    ['the lower sum', { sumValue: 8 }, { sumValue: 10 }],
    ['a sum rather than none', { sumValue: 8 }, { sumValue: NaN }],
    ['the lower count', { sampleCount: 3 }, { sampleCount: 4 }],
    ['a count rather than none', { sampleCount: 4 }, { sampleCount: NaN }],
    ['the maximum before the minimum', { minValue: 2, maxValue: 5 }, { minValue: 1, maxValue: 4 }],
  ])('takes %s when revision and emission tie, in either order', async (_, winner, loser) => {
    const [first, second] = [
      { ...row, ...winner },
      { ...row, ...loser },
    ];
    const columns = 'min_value, max_value, sum_value, sample_count';
    const alone = await currentOf([[[first]]], columns);
    expect(await currentOf([[[first]], [[second]]], columns)).toEqual(alone);
    expect(await currentOf([[[second]], [[first]]], columns)).toEqual(alone);
  });

  it('keeps sources, units, lengths and days apart', async () => {
    const names = ['cart', 'latency', 's'] as const;
    const windows = [row, { ...row, names }, { ...row, toMs: row.fromMs + 1 }, { ...row, fromMs: row.fromMs + DAY_MS }];
    const rows = await currentOf([[windows], [[row], { account: 'samples' }]], 'unit, source, to_timestamp, dt');
    expect(rows.map((values) => values.map(String).join(' ')).sort()).toEqual([
      'ms batch 2024-03-01T00:00:00.001Z 2024-03-01',
      'ms batch 2024-03-01T00:05:00.000Z 2024-03-01',
      'ms batch 2024-03-02T00:05:00.000Z 2024-03-02',
      'ms stream 2024-03-01T00:05:00.000Z 2024-03-01',
      's batch 2024-03-01T00:05:00.000Z 2024-03-01',
    ]);
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])('does not depend on the order or the number of deliveries', async () => {
    const windows = fc.record({
      minValue: fc.integer({ min: 0, max: 2 }),
      maxValue: fc.integer({ min: 2, max: 4 }),
      sumValue: fc.constantFrom(NaN, 5, 6),
      sampleCount: fc.constantFrom(NaN, 2, 3),
      revision: fc.integer({ min: 0, max: 2 }),
      fromMs: fc.constant(DAY_ONE_MS),
    });
    const delivery = fc.record({ window: windows, partId: fc.constantFrom('', 'a'), late: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 5 }), async (deliveries) => {
        const asDeliveries = (list: typeof deliveries) =>
          list.map(({ window, partId, late }): Delivery => [
            [window],
            { partId, emittedAtMs: late ? LATER : DAY_ONE_MS },
          ]);
        const there = await currentOf(asDeliveries(deliveries));
        expect(there).toHaveLength(1);
        expect(await currentOf(asDeliveries([...deliveries, ...deliveries].reverse()))).toEqual(there);
      }),
      { numRuns: 12 },
    );
  });
});
