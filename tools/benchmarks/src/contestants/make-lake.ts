import { formatInstant } from '@pulselake/data-model';
import { createRandom } from '@pulselake/generators';
import { Lake, nextSequence, WindowsWriter } from '@pulselake/lake';
import { SeriesTable } from '@pulselake/processing';

/** A lake of high-entropy windows: what `verify` is measured on. */
export async function makeLake([root, rows]: readonly string[]): Promise<string[]> {
  const lake = await Lake.open(root!, { command: 'benchmark', clock: () => Date.now(), create: true });
  const series = new SeriesTable();
  const random = createRandom(7);
  const runId = lake.newRunId('metrics-etl');
  const transaction = await lake.begin(runId);
  const writer = await WindowsWriter.open({
    transaction,
    series,
    source: 'batch',
    name: 'benchmark',
  });
  writer.begin({ partId: '', inputId: 'benchmark', emittedAtMs: Date.now(), account: 'rows' });
  const indexes = Array.from({ length: 200 }, (_, component) =>
    series.indexOf(`service-${component}`, 'latency', 'milliseconds'),
  );
  for (let row = 0; row < Number(rows); row++) {
    const fromMs = 1_709_251_200_000 + Math.floor(row / indexes.length) * 60_000;
    const value = random.next() * 1000;
    writer.add({
      series: indexes[row % indexes.length]!,
      minValue: value,
      maxValue: value + random.next(),
      sumValue: value * 30 * random.next(),
      sampleCount: 30,
      fromMs,
      toMs: fromMs + 60_000,
    });
    if (writer.isFull) await writer.spill();
  }
  await writer.flush();
  writer.release();
  const counts = {
    read: Number(rows),
    accepted: Number(rows),
    duplicate: 0,
    external: 0,
    outOfRange: 0,
    rejected: 0,
  };
  const now = formatInstant(Date.now());
  const run = await lake.locked(({ runs }) =>
    transaction.commit(
      {
        runId,
        stage: 'metrics-etl',
        startedAt: now,
        finishedAt: now,
        status: 'succeeded',
        inputs: [],
        counts,
        rejectedByReason: {},
      },
      { sequence: nextSequence(runs) },
    ),
  );
  return [
    `${Math.round(run.outputs.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6)} MB in ${run.outputs.length} files`,
  ];
}
