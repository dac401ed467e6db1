import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant, parseInstant, type WindowSettings, WindowSettingsSchema } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import {
  CsvHeaderError,
  MetricEventParser,
  rejectedEvent,
  type RejectedLine,
  SeriesTable,
  WindowAggregator,
  type WindowMode,
} from '../src/index.js';
import { feed, readCsv, readEvents, type Reading, readLog, readWindowedJson } from './support/readers.js';

const ROOT = join(import.meta.dirname, '../../data-model/fixtures');
const DAY_MS = 86_400_000;

interface Options {
  readonly reader?: string;
  readonly maxRecordBytes?: number;
  readonly mode?: WindowMode;
  readonly now?: string;
  readonly settings?: Partial<WindowSettings>;
  readonly fileName?: string;
  readonly days?: readonly string[];
}

const READERS: Record<string, (bytes: Buffer, options: Options) => object> = {
  'metrics-csv': (bytes, options) => {
    try {
      const reading = readCsv([bytes], limitOf(options));
      const { kind = null } = reading.totals;
      const rows = kind === 'events' ? { events: eventsOf(reading) } : { rows: valuesOf(reading, 'row') };
      return { kind, ...accountOf(reading), ...rows };
    } catch (error) {
      if (!(error instanceof CsvHeaderError)) throw error;
      return { failed: 'missing-column', columns: [...error.columns].sort() };
    }
  },
  'metrics-jsonl': (bytes, options) => {
    const reading = readWindowedJson([bytes], limitOf(options));
    return { kind: 'windowed', ...accountOf(reading), rows: valuesOf(reading, 'row') };
  },
  'metric-events': (bytes, options) => {
    const reading = readEvents([bytes], limitOf(options));
    return { ...accountOf(reading), events: eventsOf(reading) };
  },
  'access-logs': (bytes, options) => {
    const { fileName = 'access.log', days } = options;
    const reading = readLog([bytes], {
      ...limitOf(options),
      fileName,
      ...(days && { days: new Set(days.map((day) => millisOf(`${day}T00:00:00Z`) / DAY_MS)) }),
    });
    return { ...accountOf(reading), ...reading.totals };
  },
  windows: readWindows,
};

function readWindows(bytes: Buffer, options: Options): object {
  const nowMs = millisOf(options.now!);
  const series = new SeriesTable();
  const windows: object[] = [];
  const rejected: RejectedLine[] = [];
  const counts = { accepted: 0, duplicate: 0 };
  const aggregator = new WindowAggregator({
    settings: WindowSettingsSchema.parse(options.settings ?? {}),
    mode: options.mode!,
    series,
    onWindow: ({ series: index, fromMs, toMs, ...values }) =>
      windows.push({
        ...series.get(index),
        ...values,
        fromTimestamp: formatInstant(fromMs),
        toTimestamp: formatInstant(toMs),
      }),
  });
  const input = aggregator.openInput(nowMs);
  const parser = new MetricEventParser({
    series,
    onRejected: (line) => rejected.push(line),
    onEvent: (event) => {
      const outcome = aggregator.add(input, event, nowMs);
      if (outcome === 'accepted' || outcome === 'duplicate') counts[outcome]++;
      else rejected.push(rejectedEvent(outcome, event, series));
    },
    ...limitOf(options),
  });
  feed(parser, [bytes]);
  aggregator.finish();
  return { read: parser.records, ...counts, windows, rejected: rejected.map(withoutMessage) };
}

function accountOf(reading: Reading): object {
  const rejected = reading.calls.flatMap((call) => (call.kind === 'rejected' ? [withoutMessage(call.values)] : []));
  const accepted = reading.calls.filter(({ kind }) => kind === 'event' || kind === 'row').length;
  return { read: reading.records, accepted, rejected };
}

function withoutMessage({ message, ...rejected }: RejectedLine): object {
  expect(message).toMatch(/^[A-Za-z].*\.$/);
  return rejected;
}

function valuesOf(reading: Reading, wanted: 'event' | 'row'): object[] {
  return reading.calls.flatMap(({ kind, values }) => (kind === wanted ? [values] : []));
}

function eventsOf(reading: Reading): object[] {
  return valuesOf(reading, 'event').map((values) => ({ ...values, idHash: undefined }));
}

function limitOf({ maxRecordBytes }: Options): { maxRecordBytes?: number } {
  return maxRecordBytes === undefined ? {} : { maxRecordBytes };
}

function millisOf(instant: string): number {
  const millis = parseInstant(instant);
  if (millis === undefined) throw new Error(`${instant} is no instant`);
  return millis;
}

const cases = readdirSync(ROOT, { withFileTypes: true })
  .filter((topic) => topic.isDirectory())
  .flatMap((topic) => readdirSync(join(ROOT, topic.name)).map((name) => `${topic.name}/${name}`));

describe('the golden fixtures', () => {
  test('are found', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
  });

  test.each(cases)('%s', (name) => {
    const folder = join(ROOT, name);
    const parse = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { input, options } = parse('case.json') as { input: string; options: Options };
    const read = READERS[options.reader ?? name.slice(0, name.indexOf('/'))]!;

    const result = read(readFileSync(join(folder, input)), options);

    expect(result).toEqual(parse('expected.json'));
  });
});
