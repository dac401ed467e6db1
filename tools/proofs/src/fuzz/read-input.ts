import {
  AccessLogParser,
  MetricEventParser,
  MetricsCsvParser,
  type ParsedMetricEvent,
  type ParsedWindowedRow,
  SeriesTable,
  TrafficCounter,
  WindowedJsonParser,
} from '@pulselake/processing';
import { type Outcome, shownRecord } from './record-model.js';

/** What a parser made of an input. */
export interface Reading {
  readonly records: number;
  /** What it handed on, by line. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** Lines that it handed on or counted more than once. */
  readonly repeated: readonly number[];
  /** Records that it only counted. */
  readonly counted: number;
  /** All else that must not depend on how the input was cut. */
  readonly rest: string;
}

interface Parser {
  readonly records: number;
  push(chunk: Uint8Array): void;
  end(): void;
}

type Reader = (chunks: readonly Buffer[], maxRecordBytes: number) => Reading;

/** Keeps what a parser hands on. */
class Recorder {
  readonly outcomes = new Map<number, Outcome>();
  readonly repeated: number[] = [];
  readonly listeners = {
    series: new SeriesTable(),
    onRejected: ({ line, reason }: { readonly line: number; readonly reason: string }) => this.#keep(line, reason),
    onEvent: (event: ParsedMetricEvent) =>
      this.#keep(event.line, this.#shown(event.series, [event.value, event.timestampMs, event.readId() ?? ''])),
    onRow: ({ line, series, minValue, maxValue, sumValue, sampleCount, fromMs, toMs }: ParsedWindowedRow) =>
      this.#keep(line, this.#shown(series, [minValue, maxValue, sumValue, sampleCount, fromMs, toMs])),
  };

  #shown(index: number, rest: readonly (string | number)[]): Outcome {
    const { componentName, metricName, unit } = this.listeners.series.get(index);
    return shownRecord([componentName, metricName, unit], rest);
  }

  #keep(line: number, outcome: Outcome): void {
    if (this.outcomes.has(line)) this.repeated.push(line);
    this.outcomes.set(line, outcome);
  }
}

function read(parser: Parser, chunks: readonly Buffer[]): void {
  for (const chunk of chunks) {
    // As a file is read: from a buffer that is filled again after the call, other bytes around it.
    const scratch = Buffer.alloc(chunk.length + 8, '"}\n');
    scratch.set(chunk, 4);
    parser.push(scratch.subarray(4, 4 + chunk.length));
    scratch.fill('"');
  }
  parser.end();
}

export const readEvents: Reader = (chunks, maxRecordBytes) => {
  const recorder = new Recorder();
  const parser = new MetricEventParser({ ...recorder.listeners, maxRecordBytes });
  read(parser, chunks);
  return readingOf(parser, recorder);
};

export const readCsv: Reader = (chunks, maxRecordBytes) => {
  const recorder = new Recorder();
  const parser = new MetricsCsvParser({ ...recorder.listeners, maxRecordBytes });
  read(parser, chunks);
  return readingOf(parser, recorder, 0, parser.kind);
};

export const readWindows: Reader = (chunks, maxRecordBytes) => {
  const recorder = new Recorder();
  const parser = new WindowedJsonParser({ ...recorder.listeners, maxRecordBytes });
  read(parser, chunks);
  return readingOf(parser, recorder);
};

export const readLog: Reader = (chunks, maxRecordBytes) => {
  const recorder = new Recorder();
  const counter = new TrafficCounter();
  const parser = new AccessLogParser({
    fileName: 'access.log',
    counter,
    onRejected: recorder.listeners.onRejected,
    maxRecordBytes,
    firstDay: 19_000,
  });
  read(parser, chunks);
  const { accepted, external, outOfRange } = parser.totals;
  const pairs = counter.counts('users');
  const requests = pairs.reduce((sum, pair) => sum + pair.totalRequests, 0);
  if (requests !== accepted + external) recorder.repeated.push(requests - accepted - external);
  return readingOf(parser, recorder, accepted + external + outOfRange, JSON.stringify([parser.totals, pairs]));
};

function readingOf(parser: Parser, { outcomes, repeated }: Recorder, counted = 0, rest = ''): Reading {
  return { records: parser.records, outcomes, repeated, counted, rest };
}
