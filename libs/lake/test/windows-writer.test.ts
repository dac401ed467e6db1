import { join } from 'node:path';
import {
  type Lake,
  nextSequence,
  verifyLake,
  type WindowRow,
  WindowsWriter,
  type WindowPart,
  type WindowsWriterOptions,
} from '../src/index.js';
import { SeriesTable } from '@pulselake/processing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf, EMPTY_COUNTS, openLake } from './support/lakes.js';
import { readWithHyparquet } from './support/read-with-hyparquet.js';
import { DAY_MS, DAY_ONE_MS } from './support/small-lake.js';
import { temporaryFolder } from './support/temporary-folder.js';

type Names = readonly [component: string, metric: string, unit: string];
type Row = Omit<WindowRow, 'series'> & { readonly names: Names };

/** Writes and commits rows. @returns the keys with rows and records, and what the writer counted */
async function write(lake: Lake, rows: readonly Row[], options: Partial<WindowsWriterOptions & WindowPart> = {}) {
  const series = new SeriesTable();
  const transaction = await lake.begin('run-1');
  const writer = await WindowsWriter.open({
    transaction,
    series,
    source: 'batch',
    name: 'batch-in',
    ...options,
  });
  writer.begin({ partId: 'part', inputId: 'in', emittedAtMs: DAY_ONE_MS, account: 'rows', ...options });
  for (const { names, ...row } of rows) {
    writer.add({ ...row, series: series.indexOf(...names) });
    if (writer.isFull) await writer.flush();
  }
  await writer.flush();
  writer.release();
  const counts = { ...EMPTY_COUNTS, read: rows.length, accepted: rows.length };
  const run = await lake.locked(({ runs }) =>
    transaction.commit(draftOf('run-1', { counts }), { sequence: nextSequence(runs) }),
  );
  return { outputs: run.outputs.map(({ uri, rows, records }) => [uri, rows, records]), records: writer.records };
}

const CART: Names = ['cart', 'latency', 'ms'];
const rowAt = (fromMs: number, names = CART): Row => ({
  ...{ names, minValue: 1, maxValue: 4, sumValue: 10, sampleCount: 4 },
  ...{ fromMs, toMs: fromMs + 300_000 },
});
const KEY = 'windowed_metrics/dt=2024-03-01/batch-in-0.parquet';

describe('the Parquet files of windows, read by another implementation', () => {
  it('hold the rows that were written, with the columns of the contract', async () => {
    const lake = await openLake(temporaryFolder());
    const bare = { names: CART, minValue: -0.1, maxValue: 5e-324, fromMs: DAY_ONE_MS + 1, toMs: DAY_ONE_MS + DAY_MS };
    const most = { ...bare, fromMs: bare.fromMs + 1, sumValue: -1.7976931348623157e308, sampleCount: 2 ** 53 - 1 };
    await write(lake, [rowAt(DAY_ONE_MS), { ...bare, revision: 7 }, most]);

    const { rows } = await readWithHyparquet(join(lake.root, KEY));

    const common = {
      ...{ component_name: 'cart', metric_name: 'latency', unit: 'ms', source: 'batch', part_id: 'part' },
      ...{ emitted_at: new Date('2024-03-01T00:00:00Z'), input_id: 'in' },
    };
    expect(rows).toEqual(
      [
        {
          ...{ ...common, min_value: 1, max_value: 4, sum_value: 10, sample_count: 4n, revision: 0 },
          from_timestamp: new Date('2024-03-01T00:00:00Z'),
          to_timestamp: new Date('2024-03-01T00:05:00Z'),
        },
        {
          ...{ ...common, min_value: -0.1, max_value: 5e-324, revision: 7 },
          from_timestamp: new Date('2024-03-01T00:00:00.001Z'),
          to_timestamp: new Date('2024-03-02T00:00:00Z'),
        },
        {
          ...{ ...common, min_value: -0.1, max_value: 5e-324, revision: 0 },
          ...{ sum_value: -1.7976931348623157e308, sample_count: 9007199254740991n },
          from_timestamp: new Date('2024-03-01T00:00:00.002Z'),
          to_timestamp: new Date('2024-03-02T00:00:00Z'),
        },
      ]
        .map((row) => ({ sum_value: null, sample_count: null, ...row }))
        .map((row) => expect.objectContaining(row) as unknown),
    );
    expect(Object.keys(rows[0]!)).toEqual([
      ...['component_name', 'metric_name', 'unit', 'min_value', 'max_value', 'sum_value', 'sample_count'],
      ...['from_timestamp', 'to_timestamp', 'source', 'part_id', 'revision', 'emitted_at', 'input_id'],
    ]);
  });

  it('have instants in microseconds, in UTC, and are compressed with zstd', async () => {
    const lake = await openLake(temporaryFolder());
    await write(lake, [rowAt(DAY_ONE_MS)]);
    const { metadata } = await readWithHyparquet(join(lake.root, KEY));
    const instants = metadata.schema.filter(({ name }) => /_timestamp$|_at$/.test(name));
    expect(instants.map(({ name, type, logical_type }) => ({ name, type, logical_type }))).toEqual(
      ['from_timestamp', 'to_timestamp', 'emitted_at'].map((name) => ({
        name,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      })),
    );
    const types = Object.fromEntries(metadata.schema.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({ min_value: 'DOUBLE', sum_value: 'DOUBLE', sample_count: 'INT64', revision: 'INT32' });
    const codecs = metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data!.codec));
    expect(new Set(codecs)).toEqual(new Set(['ZSTD']));
  });

  it('are sorted by component, metric, unit and time, and lie in the day of their start', async () => {
    const lake = await openLake(temporaryFolder());
    const name = fc.constantFrom('a', 'b', 'aa', 'B', 'é');
    const rows = fc.sample(fc.tuple(name, name, name, fc.integer({ min: -2 * 288, max: 2 * 288 })), {
      numRuns: 5000,
      seed: 7,
    });
    const { outputs, records } = await write(
      lake,
      rows.map(([component, metric, unit, window]) => rowAt(window * 300_000, [component, metric, unit])),
    );
    const days = ['1969-12-30', '1969-12-31', '1970-01-01', '1970-01-02', '1970-01-03'];
    expect(outputs.map(([uri]) => uri)).toEqual(
      days.slice(0, outputs.length).map((day) => KEY.replace('2024-03-01', day)),
    );
    let total = 0;
    for (const [uri] of outputs as [string][]) {
      const file = (await readWithHyparquet(join(lake.root, uri))).rows;
      total += file.length;
      const keys = file.map((row) => [row['component_name'], row['metric_name'], row['unit'], row['from_timestamp']]);
      const text = keys.map(
        ([a, b, c, from]) => `${String(a)}\0${String(b)}\0${String(c)}\0${(from as Date).toISOString()}`,
      );
      expect(text).toEqual([...text].sort((a, b) => (a < b ? -1 : 1)));
      expect(keys.every(([, , , from]) => uri.includes((from as Date).toISOString().slice(0, 10)))).toBe(true);
    }
    expect([total, records]).toEqual([5000, 5000]);
  });

  it('are sorted over several groups of rows, each with the bounds of its components', async () => {
    const lake = await openLake(temporaryFolder());
    const names = ['b', 'a'].map((component): Names => [component, 'latency', 'ms']);
    // Of two seconds the second comes first.
    const seconds = Array.from({ length: 62_000 }, (_, index) => index ^ 1);
    await write(
      lake,
      seconds.flatMap((second) => names.map((ofSeries) => rowAt(DAY_ONE_MS + second * 1000, ofSeries))),
    );
    const { rows, metadata } = await readWithHyparquet(join(lake.root, KEY));
    expect(rows).toHaveLength(124_000);
    const isSorted = rows.every((row, index) => {
      const [component, fromMs] = ['ab'[Math.floor(index / 62_000)], DAY_ONE_MS + (index % 62_000) * 1000];
      return row['component_name'] === component && (row['from_timestamp'] as Date).getTime() === fromMs;
    });
    expect(isSorted).toBe(true);
    const bounds = metadata.row_groups.map(({ columns }) => columns[0]!.meta_data!.statistics!);
    expect(bounds.map(({ min_value, max_value }) => [min_value, max_value])).toEqual([
      ['a', 'b'],
      ['b', 'b'],
    ]);
  });

  it('hold names of any characters as they are', async () => {
    const lake = await openLake(temporaryFolder());
    const names = [
      `it's`,
      '"quoted"',
      '\u{1F600}\u{1F468}\u200D\u{1F469}',
      'nul\0nul',
      'a,b\n\r\t',
      '\u0301',
      ' ',
      '%_[*]?',
      '$1 ${x}',
    ];
    await write(
      lake,
      names.map((name, index) => rowAt(DAY_ONE_MS + index, [name, name, name])),
      {
        partId: `p'"\u{1F600}`,
        inputId: `i'`,
      },
    );
    const { rows } = await readWithHyparquet(join(lake.root, KEY));
    const read = rows.map((row) => [row['component_name'], row['metric_name'], row['unit']]);
    expect(read.sort()).toEqual(names.map((name) => [name, name, name]).sort());
    expect(rows[0]).toMatchObject({ part_id: `p'"\u{1F600}`, input_id: `i'` });
  });

  it('come one for each full buffer and day', async () => {
    const lake = await openLake(temporaryFolder());
    const rows = Array.from({ length: 7 }, (_, index) => rowAt(DAY_ONE_MS + (index % 2) * DAY_MS + index * 300_000));
    const { outputs } = await write(lake, rows, { bufferedRows: 3, account: 'samples', source: 'stream' });
    expect(outputs).toEqual([
      ['windowed_metrics/dt=2024-03-01/batch-in-0.parquet', 2, 8],
      ['windowed_metrics/dt=2024-03-02/batch-in-0.parquet', 1, 4],
      ['windowed_metrics/dt=2024-03-01/batch-in-1.parquet', 1, 4],
      ['windowed_metrics/dt=2024-03-02/batch-in-1.parquet', 2, 8],
      ['windowed_metrics/dt=2024-03-01/batch-in-2.parquet', 1, 4],
    ]);
    expect((await verifyLake(lake)).problems).toEqual([]);
    const read = [];
    for (const [uri] of outputs as [string][]) read.push(...(await readWithHyparquet(join(lake.root, uri))).rows);
    expect(read).toHaveLength(7);
    expect(read.every((row) => row['source'] === 'stream')).toBe(true);
  });

  it('hold chunks of any length whole', async () => {
    for (const length of [2047, 2048, 2049, 4097]) {
      const lake = await openLake(temporaryFolder());
      await write(
        lake,
        Array.from({ length }, (_, index) => rowAt(DAY_ONE_MS + index)),
      );
      const { rows } = await readWithHyparquet(join(lake.root, KEY));
      expect(rows.map((row) => (row['from_timestamp'] as Date).getTime() - DAY_ONE_MS)).toEqual([
        ...Array(length).keys(),
      ]);
    }
  });

  it('are none when there was no row', async () => {
    const lake = await openLake(temporaryFolder());
    expect(await write(lake, [])).toEqual({ outputs: [], records: 0 });
  });

  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])('reach %s', async (instant) => {
    const lake = await openLake(temporaryFolder());
    const fromMs = Date.parse(instant);
    const { outputs } = await write(lake, [{ ...rowAt(fromMs), toMs: fromMs }]);
    expect(outputs).toEqual([[KEY.replace('2024-03-01', instant.slice(0, 10)), 1, 1]]);
    const { rows } = await readWithHyparquet(join(lake.root, KEY.replace('2024-03-01', instant.slice(0, 10))));
    expect((rows[0]!['from_timestamp'] as Date).toISOString()).toBe(instant);
  });
});

describe('parts', () => {
  it('tell the rows of several inputs apart in one file, whatever the buffers', async () => {
    for (const bufferedRows of [1, 3, 4, 100]) {
      const lake = await openLake(join(temporaryFolder(), 'lake'), { create: true });
      const transaction = await lake.begin('run-1');
      const series = new SeriesTable();
      const writer = await WindowsWriter.open({ transaction, series, source: 'batch', name: 'merged-x', bufferedRows });
      const cart = series.indexOf('cart', 'latency', 'ms');
      let value = 0;
      for (const [index, rows] of [2, 0, 5, 1].entries()) {
        const account = index === 2 ? 'samples' : 'rows';
        writer.begin({
          partId: `part-${index}`,
          inputId: `in-${index}`,
          emittedAtMs: DAY_ONE_MS + index * 1000,
          account,
        });
        // Values rise with time, so that the order of rows in the files is that of adding.
        const fromMs = () => DAY_ONE_MS + value * 1000;
        await writer.addAll(
          Array.from({ length: rows }, () => {
            value++;
            return {
              series: cart,
              minValue: value,
              maxValue: value,
              sampleCount: 3,
              fromMs: fromMs(),
              toMs: fromMs() + 1,
            };
          }),
        );
      }
      await writer.flush();
      writer.release();
      expect(writer.records).toBe(2 + 15 + 1);
      const run = await lake.locked(({ runs }) =>
        transaction.commit(draftOf('run-1'), { sequence: nextSequence(runs) }),
      );
      const read: unknown[] = [];
      for (const { uri } of run.outputs) {
        for (const row of (await readWithHyparquet(join(lake.root, uri))).rows as Record<string, unknown>[]) {
          read.push([
            row['min_value'],
            row['part_id'],
            row['input_id'],
            new Date(row['emitted_at'] as string).getTime() - DAY_ONE_MS,
          ]);
        }
      }
      const parts = [0, 0, 2, 2, 2, 2, 2, 3];
      expect(read).toEqual(parts.map((part, index) => [index + 1, `part-${part}`, `in-${part}`, part * 1000]));
    }
  });
});
