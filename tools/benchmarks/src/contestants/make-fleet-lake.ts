import { formatInstant, type PipelineStage, utcDay } from '@pulselake/data-model';
import { createRandom } from '@pulselake/generators';
import {
  Lake,
  nextSequence,
  type RunTransaction,
  stageTrafficCounts,
  stageTrafficReport,
  WindowsWriter,
} from '@pulselake/lake';
import { SeriesTable } from '@pulselake/processing';

const DAY_MS = 86_400_000;
const WINDOW_MS = 300_000;
const METRICS: readonly (readonly [name: string, unit: string])[] = [
  ['latency', 'milliseconds'],
  ['cpu-usage', 'percent'],
  ['memory-usage', 'percent'],
  ['requests', 'count'],
  ['errors', 'count'],
  ['queue-length', 'count'],
];
const NO_COUNTS = { duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };

/** The first of the days. */
export const FLEET_START_MS = Date.parse('2024-03-01T00:00:00Z');

/**
 * A lake as a fleet fills it: for each day the 5-minute windows of six metrics of each component, and a report of ten calls from
 * each: `make-fleet-lake ROOT DAYS COMPONENTS`.
 */
export async function makeFleetLake([root, days, components]: readonly string[]): Promise<string[]> {
  const lake = await Lake.open(root!, { command: 'benchmark', clock: () => Date.now(), create: true });
  const names = Array.from({ length: Number(components) }, (_, index) => `service-${index}`);
  let windows = 0;
  for (let day = 0; day < Number(days); day++) {
    const startMs = FLEET_START_MS + day * DAY_MS;
    windows += await commitRun(lake, 'stream-windows', (transaction) => stageWindows(transaction, names, startMs));
    await commitRun(lake, 'traffic-report', (transaction) => stageCalls(lake.root, transaction, names, startMs));
  }
  return [`${(windows / 1e6).toFixed(1)} M windows, ${days} days`];
}

async function stageWindows(transaction: RunTransaction, names: readonly string[], startMs: number): Promise<number> {
  const series = new SeriesTable();
  const random = createRandom(startMs / DAY_MS);
  const writer = await WindowsWriter.open({ transaction, series, source: 'stream', name: 'fleet' });
  writer.begin({ partId: '', inputId: '', emittedAtMs: startMs + DAY_MS, account: 'samples' });
  const indexes = names.flatMap((component) =>
    METRICS.map(([metric, unit]) => series.indexOf(component, metric, unit)),
  );
  for (let fromMs = startMs; fromMs < startMs + DAY_MS; fromMs += WINDOW_MS) {
    for (const index of indexes) {
      const minValue = random.next() * 100;
      const maxValue = minValue + random.next() * 50;
      const sampleCount = 30;
      const sumValue = (minValue + (maxValue - minValue) * random.next()) * sampleCount;
      writer.add({ series: index, minValue, maxValue, sumValue, sampleCount, fromMs, toMs: fromMs + WINDOW_MS });
    }
    if (writer.isFull) await writer.spill();
  }
  await writer.flush();
  writer.release();
  return writer.rows;
}

async function stageCalls(
  root: string,
  transaction: RunTransaction,
  names: readonly string[],
  startMs: number,
): Promise<number> {
  const random = createRandom(startMs / DAY_MS);
  const counts = names.flatMap((source, index) =>
    Array.from({ length: 10 }, (_, step) => {
      const totalRequests = 1 + random.int(0, 10_000);
      return {
        day: startMs / DAY_MS,
        kind: 'service' as const,
        source,
        target: names[(index + 1 + step * 7) % names.length]!,
        totalRequests,
        failedRequests: random.int(0, 1 + Math.floor(totalRequests / 20)),
      };
    }),
  );
  await stageTrafficCounts(transaction, transaction.runId, counts);
  await stageTrafficReport(root, transaction, utcDay(startMs));
  return counts.reduce((sum, { totalRequests }) => sum + totalRequests, 0);
}

/** @param stage stages a run's files. @returns its records */
async function commitRun(
  lake: Lake,
  stage: PipelineStage,
  work: (transaction: RunTransaction) => Promise<number>,
): Promise<number> {
  const runId = lake.newRunId(stage);
  const transaction = await lake.begin(runId);
  const rows = await work(transaction);
  const now = formatInstant(lake.now());
  await lake.locked(({ runs }) => {
    const records = stage === 'stream-windows' ? rows * 30 : rows;
    return transaction.commit(
      {
        runId,
        stage,
        startedAt: now,
        finishedAt: now,
        status: 'succeeded',
        inputs: [],
        counts: { read: records, accepted: records, ...NO_COUNTS },
        rejectedByReason: {},
      },
      { sequence: nextSequence(runs) },
    );
  });
  return rows;
}
