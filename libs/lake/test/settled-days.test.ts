import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DuckDbQueryEngine, type Lake } from '../src/index.js';
import { openLake } from './support/lakes.js';
import { commitWindows, DAY_MS, DAY_ONE_MS, type TestWindow } from './support/small-lake.js';
import { temporaryFolder } from './support/temporary-folder.js';

const ROWS = `SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count, avg_value, from_timestamp, to_timestamp,
  source, revision, emitted_at, dt FROM windowed_metrics_current ORDER BY ALL`;

async function enginesOf(lake: Lake) {
  const plain = await DuckDbQueryEngine.open(lake.root);
  const settling = await DuckDbQueryEngine.open(lake.root, { restMs: 0 });
  onTestFinished(() => plain.close());
  onTestFinished(() => settling.close());
  return { plain, settling };
}

/** Two looks: the first notes how the folders are. */
async function settle(engine: DuckDbQueryEngine): Promise<number> {
  await engine.settleDays();
  return engine.settleDays();
}

const window = (day: number, slot = 0): TestWindow => ({
  minValue: 1,
  maxValue: 4,
  sumValue: 10,
  sampleCount: 4,
  fromMs: DAY_ONE_MS + day * DAY_MS + slot * 300_000,
});

describe('settled days', () => {
  it('are those without a window that was delivered twice', async () => {
    const lake = await openLake(temporaryFolder());
    await commitWindows(lake, 'run-1', [window(0), window(0, 1), window(1)], { inputId: 'a' });
    await commitWindows(lake, 'run-2', [window(1)], { inputId: 'b' });
    const { settling } = await enginesOf(lake);
    expect(await settling.settleDays()).toBe(0);
    expect(await settling.settleDays()).toBe(1);
  });

  it('show what comes later at once', async () => {
    const lake = await openLake(temporaryFolder());
    await commitWindows(lake, 'run-1', [window(0), window(1)], { inputId: 'a' });
    const { settling } = await enginesOf(lake);
    expect(await settle(settling)).toBe(2);
    await commitWindows(lake, 'run-2', [{ ...window(0), sumValue: 12, revision: 1 }, window(2)], {
      inputId: 'a',
      partId: '',
    });
    const { rows } = await settling.query('SELECT sum_value FROM windowed_metrics_current ORDER BY from_timestamp');
    expect(rows).toEqual([[12], [10], [10]]);
    expect(await settle(settling)).toBe(2);
    expect((await settling.query('SELECT count(*) FROM windowed_metrics_current')).rows).toEqual([[3]]);
  });

  it('may go, with all their files', async () => {
    const lake = await openLake(temporaryFolder());
    await commitWindows(lake, 'run-1', [window(0), window(1)], { inputId: 'a' });
    const { settling } = await enginesOf(lake);
    await settle(settling);
    const folder = join(lake.root, 'windowed_metrics');
    rmSync(join(folder, readdirSync(folder).sort()[0]!), { recursive: true });
    expect((await settling.query('SELECT count(*) FROM windowed_metrics_current')).rows).toEqual([[1]]);
    rmSync(folder, { recursive: true });
    expect((await settling.query('SELECT count(*) FROM windowed_metrics_current')).rows).toEqual([[0]]);
    expect(await settle(settling)).toBe(0);
  });

  it('never change a result, whatever was delivered twice, corrected or came in parts', async () => {
    const delivery = fc.record({
      windows: fc.array(
        fc.record({
          day: fc.nat(3),
          slot: fc.nat(2),
          sumValue: fc.option(fc.oneof(fc.integer({ min: 4, max: 16 }), fc.constant(1.7e308)), { nil: undefined }),
          sampleCount: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
          revision: fc.nat(1),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      partId: fc.constantFrom('', 'p', 'q'),
      emittedAtMs: fc.constantFrom(DAY_ONE_MS, DAY_ONE_MS + 2000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (deliveries, between) => {
          const lake = await openLake(temporaryFolder());
          const plain = await DuckDbQueryEngine.open(lake.root);
          const settling = await DuckDbQueryEngine.open(lake.root, { restMs: 0 });
          try {
            for (const [index, { windows, ...part }] of deliveries.entries()) {
              const rows = windows.map(({ day, slot, sumValue, sampleCount, revision }) => {
                const { minValue, maxValue, fromMs } = window(day, slot);
                const known = {
                  ...(sumValue !== undefined && { sumValue }),
                  ...(sampleCount !== undefined && { sampleCount }),
                };
                return { minValue, maxValue, fromMs, revision, ...known };
              });
              await commitWindows(lake, `run-${index}`, rows, { inputId: `in-${index}`, ...part });
              if (between) await settle(settling);
            }
            await settle(settling);
            expect((await settling.query(ROWS)).rows).toEqual((await plain.query(ROWS)).rows);
          } finally {
            await plain.close();
            await settling.close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
