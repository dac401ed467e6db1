import { formatInstant, utcDay } from '@pulselake/data-model';
import {
  AccessLogParser,
  type AccessLogParserOptions,
  LineReader,
  MetricEventParser,
  MetricsCsvParser,
  type ParsedMetricEvent,
  type ParsedWindowedRow,
  type RejectedLine,
  SeriesTable,
  TrafficCounter,
  WindowedJsonParser,
} from '../../src/index.js';

/** A call of a listener, with everything in it copied. */
export type Call =
  | { readonly kind: 'event' | 'row'; readonly line: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'rejected'; readonly line: number; readonly values: RejectedLine }
  | {
      readonly kind: 'line' | 'header';
      readonly line: number;
      readonly values: { readonly text: string; readonly length?: number };
    };

/** What a parser made of an input. */
export interface Reading {
  readonly records: number;
  readonly calls: readonly Call[];
  /** What was counted besides the calls. */
  readonly totals: Readonly<Record<string, unknown>>;
}

export type Chunks = readonly Uint8Array[];
export interface ReaderOptions {
  readonly maxRecordBytes?: number;
}

const DAY_MS = 86_400_000;

/** Pushes each chunk from one buffer that is overwritten after the call, as a file is read. */
export function feed(parser: { push(chunk: Uint8Array): void; end(): void }, chunks: Chunks): void {
  for (const chunk of chunks) {
    // Inside a larger buffer whose other bytes are those of a neighbour.
    const scratch = Buffer.alloc(chunk.length + 8, '"}\n');
    scratch.set(chunk, 4);
    parser.push(scratch.subarray(4, 4 + chunk.length));
    scratch.fill('"');
  }
  parser.end();
}

export function readLines(chunks: Chunks, options: ReaderOptions & { readonly header?: boolean } = {}): Reading {
  const { header, ...rest } = options;
  const calls: Call[] = [];
  const reader = new LineReader({
    onLine: (bytes, start, end, line) =>
      calls.push({ kind: 'line', line, values: { text: bytes.toString('latin1', start, end) } }),
    ...(header && {
      onHeader: (bytes, start, end, length) =>
        calls.push({ kind: 'header', line: 0, values: { text: bytes.toString('latin1', start, end), length } }),
    }),
    onRejected: (values) => calls.push({ kind: 'rejected', line: values.line, values }),
    ...rest,
  });
  feed(reader, chunks);
  return { records: reader.records, calls, totals: {} };
}

export function readEvents(chunks: Chunks, options: ReaderOptions = {}): Reading {
  const { calls, series, onEvent, onRejected } = recorder();
  const parser = new MetricEventParser({ series, onEvent, onRejected, ...options });
  feed(parser, chunks);
  return { records: parser.records, calls, totals: {} };
}

export function readCsv(chunks: Chunks, options: ReaderOptions = {}): Reading {
  const { calls, series, onEvent, onRow, onRejected } = recorder();
  const parser = new MetricsCsvParser({ series, onEvent, onRow, onRejected, ...options });
  feed(parser, chunks);
  return { records: parser.records, calls, totals: { kind: parser.kind } };
}

export function readWindowedJson(chunks: Chunks, options: ReaderOptions = {}): Reading {
  const { calls, series, onRow, onRejected } = recorder();
  const parser = new WindowedJsonParser({ series, onRow, onRejected, ...options });
  feed(parser, chunks);
  return { records: parser.records, calls, totals: {} };
}

export function readLog(
  chunks: Chunks,
  options: Partial<Pick<AccessLogParserOptions, 'fileName' | 'days' | 'maxRecordBytes'>> = {},
): Reading {
  const { calls, onRejected } = recorder();
  const counter = new TrafficCounter();
  const parser = new AccessLogParser({ fileName: 'access.log', counter, onRejected, ...options });
  feed(parser, chunks);
  const counts = counter.counts('users').map(({ day, ...count }) => ({ day: utcDay(day * DAY_MS), ...count }));
  return { records: parser.records, calls, totals: { ...parser.totals, counts } };
}

/** An event as the fixtures write it. */
function eventOf(event: ParsedMetricEvent, series: SeriesTable): Record<string, unknown> {
  const eventId = event.readId();
  return {
    ...series.get(event.series),
    value: event.value,
    publicationTimestamp: formatInstant(event.timestampMs),
    ...(eventId !== undefined && { eventId }),
  };
}

function rowOf(row: ParsedWindowedRow, series: SeriesTable): Record<string, unknown> {
  return {
    ...series.get(row.series),
    minValue: row.minValue,
    maxValue: row.maxValue,
    ...(!Number.isNaN(row.sumValue) && { sumValue: row.sumValue }),
    ...(!Number.isNaN(row.sampleCount) && { sampleCount: row.sampleCount }),
    fromTimestamp: formatInstant(row.fromMs),
    toTimestamp: formatInstant(row.toMs),
  };
}

function recorder() {
  const calls: Call[] = [];
  const series = new SeriesTable();
  return {
    calls,
    series,
    onEvent: (event: ParsedMetricEvent) => {
      // Only an event with an id has a hash; of another it is left over.
      const idHash = event.hasId ? { ...event.idHash } : undefined;
      calls.push({ kind: 'event', line: event.line, values: { ...eventOf(event, series), idHash } });
    },
    onRow: (row: ParsedWindowedRow) => calls.push({ kind: 'row', line: row.line, values: rowOf(row, series) }),
    onRejected: (values: RejectedLine) => calls.push({ kind: 'rejected', line: values.line, values }),
  };
}
