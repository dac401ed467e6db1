import { createReadStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { DEFAULT_WINDOW_SETTINGS, formatInstant } from '@pulselake/data-model';
import { createRandom, windowedMetricsCsvChunks } from '@pulselake/generators';
import { Lake, nextSequence, WindowsWriter } from '@pulselake/lake';
import { MetricEventParser, SeriesTable, WindowAggregator, type WindowResult } from '@pulselake/processing';
import { runPulselake } from 'pulselake';
import { readBlocks } from '../read-blocks.js';

/** What the benchmark runs in processes of their own, by name. Each returns what it prints. */
export const CONTESTANTS: Readonly<Record<string, (args: readonly string[]) => Promise<string[]>>> = {
  pulselake: async (args) => {
    const { stdout, stderr, stdin, env } = process;
    const code = await runPulselake(args, {
      stdout,
      stderr,
      stdin,
      env,
      clock: () => Date.now(),
      signal: new AbortController().signal,
    });
    if (code !== 0) throw new Error(`pulselake ended with ${code}`);
    return [];
  },
  'duckdb-copy': async ([csv, target]) => {
    const connection = await connect(2);
    await connection.run(`SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = 100000`);
    await connection.run(
      `COPY (SELECT *, strftime(fromTimestamp, '%Y-%m-%d') AS dt FROM read_csv('${csv}', header = true, quote = '', columns = {
        componentName: 'VARCHAR', fromTimestamp: 'TIMESTAMP', maxValue: 'DOUBLE', metricName: 'VARCHAR', minValue: 'DOUBLE',
        toTimestamp: 'TIMESTAMP', unit: 'VARCHAR', sumValue: 'DOUBLE', sampleCount: 'BIGINT'}))
      TO '${target}' (FORMAT parquet, PARTITION_BY (dt), COMPRESSION zstd, OVERWRITE_OR_IGNORE true)`,
    );
    return [];
  },
  'sum-parquet': async ([glob]) => {
    const connection = await connect(2);
    // Both spellings of the columns: ours, and those of the CSV.
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${glob}')`);
    const ours = described.getRows().some(([name]) => name === 'min_value');
    const columns = ours
      ? ['min_value', 'max_value', 'sum_value', 'sample_count']
      : ['minValue', 'maxValue', 'sumValue', 'sampleCount'];
    // Sums in any order differ in the last bits: they are compared to nine digits.
    const list = columns.map((column) => `printf('%.9g', sum(CAST("${column}" AS DOUBLE)))`).join(', ');
    const reader = await connection.runAndReadAll(`SELECT count(*)::VARCHAR, ${list} FROM read_parquet('${glob}')`);
    return [reader.getRows()[0]!.join(' ')];
  },
  'events-windows': ([path]) => {
    const started = performance.now();
    const series = new SeriesTable();
    const windows: WindowResult[] = [];
    const aggregator = new WindowAggregator({
      settings: DEFAULT_WINDOW_SETTINGS,
      mode: 'bounded',
      series,
      onWindow: (window) => windows.push(window),
    });
    const nowMs = Date.now();
    const input = aggregator.openInput(nowMs);
    const parser = new MetricEventParser({
      series,
      onEvent: (event) => void aggregator.add(input, event, nowMs),
      onRejected: ({ message }) => {
        throw new Error(message);
      },
    });
    for (const block of readBlocks(path!)) parser.push(block);
    parser.end();
    aggregator.finish();
    return Promise.resolve([checksum(windows), `seconds ${(performance.now() - started) / 1000}`]);
  },
  'events-naive': async ([path]) => {
    const started = performance.now();
    const windows = new Map<string, Map<number, { min: number; max: number; count: number }>>();
    const size = DEFAULT_WINDOW_SETTINGS.windowSizeSeconds * 1000;
    for await (const line of createInterface({ input: createReadStream(path!, { highWaterMark: 1 << 20 }) })) {
      const event = JSON.parse(line) as {
        componentName: string;
        metricName: string;
        unit: string;
        value: number;
        publicationTimestamp: string;
      };
      const key = `${event.componentName}\0${event.metricName}\0${event.unit}`;
      const from = Math.floor(Date.parse(event.publicationTimestamp) / size) * size;
      let ofSeries = windows.get(key);
      if (!ofSeries) windows.set(key, (ofSeries = new Map<number, { min: number; max: number; count: number }>()));
      const window = ofSeries.get(from);
      if (window) {
        window.min = Math.min(window.min, event.value);
        window.max = Math.max(window.max, event.value);
        window.count++;
      } else ofSeries.set(from, { min: event.value, max: event.value, count: 1 });
    }
    const all = [...windows.values()].flatMap((ofSeries) => [...ofSeries.values()]);
    return [
      checksum(all.map(({ min, max, count }) => ({ minValue: min, maxValue: max, sampleCount: count }))),
      `seconds ${(performance.now() - started) / 1000}`,
    ];
  },
  'generate-csv': ([rows]) => {
    const started = performance.now();
    let bytes = 0;
    for (const chunk of windowedMetricsCsvChunks({ records: Number(rows), seed: 7 })) bytes += chunk.length;
    return Promise.resolve([`bytes ${bytes}`, `seconds ${(performance.now() - started) / 1000}`]);
  },
  'generate-csv-naive': ([rows]) => {
    const started = performance.now();
    const random = createRandom(7);
    let bytes = 0;
    for (let row = 0; row < Number(rows); row++) {
      const from = 1_709_251_200_000 + Math.floor(row / 40) * 60_000;
      const value = random.next() * 100;
      bytes += Buffer.byteLength(
        `service-${row % 10},${new Date(from).toISOString()},${value + 1},cpu-usage,${value},${new Date(from + 60_000).toISOString()},percent,${value * 30},30\n`,
      );
    }
    return Promise.resolve([`bytes ${bytes}`, `seconds ${(performance.now() - started) / 1000}`]);
  },
  'make-lake': async ([root, rows]) => {
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
  },
};

async function connect(threads: number) {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  return instance.connect();
}

function checksum(windows: readonly Pick<WindowResult, 'minValue' | 'maxValue' | 'sampleCount'>[]): string {
  let lowest = 0;
  let highest = 0;
  let count = 0;
  for (const { minValue, maxValue, sampleCount } of windows) {
    lowest += minValue;
    highest += maxValue;
    count += sampleCount;
  }
  return `${windows.length} windows, ${count} events, ${lowest.toPrecision(9)} ${highest.toPrecision(9)}`;
}
