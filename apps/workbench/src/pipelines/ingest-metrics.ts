import { open } from 'node:fs/promises';
import type { WindowSettings } from '@pulselake/data-model';
import {
  type IdentifiedInput,
  InputError,
  type Lake,
  readInput,
  readParquetRows,
  type RejectedWriter,
  type WindowsWriter,
} from '@pulselake/lake';
import {
  MetricsCsvParser,
  newWindowedRow,
  type ParsedWindowedRow,
  readWindowedRecord,
  rejectedEvent,
  WindowAggregator,
  WindowedJsonParser,
} from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import type { MetricsStage, Reading } from './ingest-batch.js';
import { ingestFiles } from './ingest-file.js';
import type { InputVersion } from './input-version.js';
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
  return ingestFiles(lake, { stage: 'metrics-etl', source: 'batch', read: metricsReader(options) }, inputs, options);
}

function metricsReader(options: IngestMetricsOptions): MetricsStage['read'] {
  return async (version, writer, rejects) => {
    const format = await formatOf(version.identified);
    const { input, modifiedMs: emittedAtMs } = version.identified;
    const { inputId } = input;
    writer.begin({ partId: '', inputId, emittedAtMs, account: 'rows' });
    return READERS[format]({ version, writer, rejects, options });
  };
}

interface Reader {
  readonly version: InputVersion;
  /** At a part whose rows are whole windows. */
  readonly writer: WindowsWriter;
  readonly rejects: RejectedWriter;
  readonly options: IngestMetricsOptions;
}

const READERS: Record<Format, (reader: Reader) => Promise<Reading>> = {
  csv: readCsv,
  'json-lines': readJsonLines,
  parquet: readParquet,
};

async function readCsv({ version, writer, rejects, options }: Reader): Promise<Reading> {
  const { settings, nowMs, signal } = options;
  const { identified, partId, supersedes } = version;
  const { series } = writer;
  let duplicate = 0;
  const windows: Parameters<WindowsWriter['add']>[0][] = [];
  const aggregator = new WindowAggregator({
    settings,
    mode: 'bounded',
    series,
    onWindow: (window) => windows.push({ ...window, revision: supersedes.length }),
  });
  const shard = aggregator.openInput(nowMs);
  const parser = new MetricsCsvParser({
    series,
    onRejected: (line) => rejects.write(line),
    onRow: (row) => writer.add(row),
    onEvent: (event) => {
      const outcome = aggregator.add(shard, event, nowMs);
      if (outcome === 'duplicate') duplicate++;
      else if (outcome !== 'accepted') rejects.write(rejectedEvent(outcome, event, series));
    },
  });
  for await (const chunk of readInput(identified, options.onRead)) {
    signal?.throwIfAborted();
    parser.push(chunk);
    if (writer.isFull) await writer.spill();
  }
  parser.end();
  if (parser.kind === 'events') {
    aggregator.finish();
    const { input, modifiedMs: emittedAtMs } = identified;
    writer.begin({ partId, inputId: input.inputId, emittedAtMs, account: 'samples' });
    await writer.addAll(windows);
  }
  return { read: parser.records, duplicate };
}

async function readJsonLines({ version, writer, rejects, options }: Reader): Promise<Reading> {
  const parser = new WindowedJsonParser({
    series: writer.series,
    onRejected: (line) => rejects.write(line),
    onRow: (row) => writer.add(row),
  });
  for await (const chunk of readInput(version.identified, options.onRead)) {
    options.signal?.throwIfAborted();
    parser.push(chunk);
    if (writer.isFull) await writer.spill();
  }
  parser.end();
  return { read: parser.records, duplicate: 0 };
}

async function readParquet({ version, writer, rejects, options }: Reader): Promise<Reading> {
  const row: ParsedWindowedRow = newWindowedRow();
  let read = 0;
  for await (const rows of readParquetRows(version.identified.path)) {
    options.signal?.throwIfAborted();
    for (const record of rows) {
      read++;
      const fault = readWindowedRecord(record, writer.series, row);
      if (fault) rejects.write({ reason: fault[0], message: fault[1], line: read });
      else writer.add(row);
    }
    if (writer.isFull) await writer.spill();
  }
  // DuckDB read the file by itself: that it is still the one that was identified is seen here.
  const again = readInput(version.identified, options.onRead);
  await again.next();
  await again.return(undefined);
  return { read, duplicate: 0 };
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
