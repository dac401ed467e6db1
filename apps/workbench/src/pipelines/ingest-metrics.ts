import { open } from 'node:fs/promises';
import { type RunCounts, utcDay, type WindowSettings } from '@pulselake/data-model';
import {
  type IdentifiedInput,
  InputError,
  type Lake,
  readInput,
  readParquetRows,
  RejectedWriter,
  WindowsWriter,
} from '@pulselake/lake';
import {
  MetricsCsvParser,
  newWindowedRow,
  type ParsedWindowedRow,
  readWindowedRecord,
  rejectedEvent,
  type RejectedLine,
  SeriesTable,
  WindowAggregator,
  WindowedJsonParser,
} from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import { ingestFiles, type InputVersion, NO_COUNTS, type StageReader, type StageResult } from './ingest-file.js';
import type { IngestOptions, IngestOutcome } from './ingest-outcome.js';

export interface IngestMetricsOptions extends IngestOptions {
  readonly settings: WindowSettings;
  /** The clock that `future` is judged by, in milliseconds since the epoch. */
  readonly nowMs: number;
}

type Format = 'csv' | 'json-lines' | 'parquet';

/** Ingests windowed metrics (CSV, JSON Lines, Parquet) and plain events in CSV: source `batch`. */
export function ingestMetrics(
  lake: Lake,
  inputs: readonly InputPath[],
  options: IngestMetricsOptions,
): Promise<IngestOutcome[]> {
  return ingestFiles(lake, 'metrics-etl', inputs, metricsReader(options), options);
}

function metricsReader(options: IngestMetricsOptions): StageReader {
  return async (version, transaction) => {
    const { identified } = version;
    const { input, modifiedMs } = identified;
    const format = await formatOf(identified);
    const series = new SeriesTable();
    const rejects = await RejectedWriter.open(transaction, {
      stage: 'metrics-etl',
      day: utcDay(modifiedMs),
      file: input.uri,
      inputId: input.inputId,
    });
    const writerFor = (partId: string, account: 'rows' | 'samples') =>
      WindowsWriter.open({
        transaction,
        series,
        source: 'batch',
        partId,
        inputId: input.inputId,
        emittedAtMs: modifiedMs,
        name: `batch-${input.inputId}`,
        account,
      });
    const reading: Reading = { series, rejects, writerFor, options, version };
    const { read, duplicate, accepted } = await READERS[format](reading);
    rejects.close();
    const counts: RunCounts = { ...NO_COUNTS, read, accepted, duplicate, rejected: rejects.rows };
    return {
      counts,
      rejectedByReason: rejects.byReason,
      ...(read === 0 && { message: 'It holds no record.' }),
    } satisfies StageResult;
  };
}

interface Reading {
  readonly series: SeriesTable;
  readonly rejects: RejectedWriter;
  readonly writerFor: (partId: string, account: 'rows' | 'samples') => Promise<WindowsWriter>;
  readonly options: IngestMetricsOptions;
  readonly version: InputVersion;
}

type Account = Pick<RunCounts, 'read' | 'accepted' | 'duplicate'>;

const READERS: Record<Format, (reading: Reading) => Promise<Account>> = {
  csv: readCsv,
  'json-lines': readJsonLines,
  parquet: readParquet,
};

async function readCsv({ series, rejects, writerFor, options, version }: Reading): Promise<Account> {
  const { settings, nowMs, signal } = options;
  const onRejected = (line: RejectedLine) => rejects.write(line);
  const rowWriter = await writerFor('', 'rows');
  let duplicate = 0;
  try {
    const aggregator = new WindowAggregator({
      settings,
      mode: 'bounded',
      series,
      onWindow: (window) => windows.push({ ...window, revision: version.supersedes.length }),
    });
    const windows: Parameters<WindowsWriter['add']>[0][] = [];
    const shard = aggregator.openInput(nowMs);
    const parser = new MetricsCsvParser({
      series,
      onRejected,
      onRow: (row) => rowWriter.add(row),
      onEvent: (event) => {
        const outcome = aggregator.add(shard, event, nowMs);
        if (outcome === 'duplicate') duplicate++;
        else if (outcome !== 'accepted') rejects.write(rejectedEvent(outcome, event, series));
      },
    });
    for await (const chunk of readInput(version.identified, options.onRead)) {
      signal?.throwIfAborted();
      parser.push(chunk);
      if (rowWriter.isFull) await rowWriter.spill();
    }
    parser.end();
    if (parser.kind !== 'events') {
      await rowWriter.flush();
      return { read: parser.records, accepted: rowWriter.records, duplicate };
    }
    aggregator.finish();
    const writer = await writerFor(version.partId, 'samples');
    try {
      for (const window of windows) {
        writer.add(window);
        if (writer.isFull) await writer.spill();
      }
      await writer.flush();
      return { read: parser.records, accepted: writer.records, duplicate };
    } finally {
      writer.release();
    }
  } finally {
    rowWriter.release();
  }
}

async function readJsonLines({ series, rejects, writerFor, options, version }: Reading): Promise<Account> {
  const writer = await writerFor('', 'rows');
  try {
    const parser = new WindowedJsonParser({
      series,
      onRejected: (line) => rejects.write(line),
      onRow: (row) => writer.add(row),
    });
    for await (const chunk of readInput(version.identified, options.onRead)) {
      options.signal?.throwIfAborted();
      parser.push(chunk);
      if (writer.isFull) await writer.spill();
    }
    parser.end();
    await writer.flush();
    return { read: parser.records, accepted: writer.records, duplicate: 0 };
  } finally {
    writer.release();
  }
}

async function readParquet({ series, rejects, writerFor, options, version }: Reading): Promise<Account> {
  const writer = await writerFor('', 'rows');
  const row: ParsedWindowedRow = newWindowedRow();
  let read = 0;
  try {
    for await (const rows of readParquetRows(version.identified.path)) {
      options.signal?.throwIfAborted();
      for (const record of rows) {
        read++;
        const fault = readWindowedRecord(record, series, row);
        if (fault) rejects.write({ reason: fault[0], message: fault[1], line: read });
        else writer.add(row);
      }
      if (writer.isFull) await writer.spill();
    }
    // DuckDB read the file by itself: that it is still the one that was identified is seen here.
    const again = readInput(version.identified, options.onRead);
    await again.next();
    await again.return(undefined);
    await writer.flush();
    return { read, accepted: writer.records, duplicate: 0 };
  } finally {
    writer.release();
  }
}

/** By the first bytes, then by the name; a text that is neither is taken as CSV, whose header must prove it. */
async function formatOf(identified: IdentifiedInput): Promise<Format> {
  const { path, gzip, input } = identified;
  if (input.contentBytes === 0) return 'csv';
  const name = path.toLowerCase().replace(/\.gz$/, '');
  const parquet = !gzip && (await startsWith(path, 'PAR1'));
  if (parquet) return 'parquet';
  if (name.endsWith('.parquet')) {
    throw new InputError(
      `${path} is not a Parquet file, though its name says so.${gzip ? ' Parquet is not read from gzip.' : ''}`,
    );
  }
  return /\.(jsonl|ndjson|json)$/.test(name) ? 'json-lines' : 'csv';
}

async function startsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(text.length);
    await file.read(head, 0, head.length, 0);
    return head.toString('latin1') === text;
  } finally {
    await file.close();
  }
}
