import { basename } from 'node:path';
import { parseInstant, USERS_SOURCE, type WindowSettings } from '@pulselake/data-model';
import type { WindowRow } from '@pulselake/lake';
import {
  AccessLogParser,
  MetricEventParser,
  type PairCount,
  SeriesTable,
  TrafficCounter,
  WindowAggregator,
  WindowedJsonParser,
} from '@pulselake/processing';

/** Where the records went that could be used this time. */
interface RedrivenCounts {
  accepted: number;
  duplicate: number;
  external: number;
  outOfRange: number;
}

/** What records give that could be used this time: windows, or calls. */
export interface RedrivenResult {
  readonly counts: RedrivenCounts;
  readonly windows?: {
    readonly series: SeriesTable;
    readonly rows: readonly WindowRow[];
    readonly account: 'rows' | 'samples';
  };
  readonly calls?: readonly PairCount[];
}

/** Reads the rejected records of one file and reason a second time. */
export interface RecordReader {
  /** Takes a record's bytes, one line. @returns whether it could be used */
  take(line: Buffer): boolean;
  finish(): RedrivenResult;
}

const LINE_END = Buffer.from('\n');
const DAY_MS = 86_400_000;

/**
 * Metric events. Nothing is late now; an id counts once over all redriven records.
 *
 * @param countedIds ids of redriven records so far, which this reader adds to
 */
export function eventReader(settings: WindowSettings, nowMs: number, countedIds: Set<string>): RecordReader {
  const series = new SeriesTable();
  const rows: WindowRow[] = [];
  const counts = { accepted: 0, duplicate: 0, external: 0, outOfRange: 0 };
  const aggregator = new WindowAggregator({
    settings,
    mode: 'bounded',
    series,
    onWindow: (window) => rows.push({ ...window, revision: 0 }),
  });
  const shard = aggregator.openInput(nowMs);
  let used = false;
  const parser = new MetricEventParser({
    series,
    onRejected: () => undefined,
    onEvent: (event) => {
      if (event.timestampMs > nowMs + settings.maxFutureSkewSeconds * 1000) return;
      used = true;
      const id = event.readId();
      if (id !== undefined) {
        const { componentName, metricName, unit } = series.get(event.series);
        const key = JSON.stringify([componentName, metricName, unit, aggregator.windowEnd(event.timestampMs), id]);
        if (countedIds.has(key)) {
          counts.duplicate++;
          return;
        }
        countedIds.add(key);
      }
      aggregator.add(shard, event, nowMs);
      counts.accepted++;
    },
  });
  return {
    take: (line) => {
      used = false;
      parser.push(line);
      parser.push(LINE_END);
      return used;
    },
    finish: () => {
      aggregator.finish();
      return { counts, windows: { series, rows, account: 'samples' } };
    },
  };
}

/** Windowed metrics in JSON. */
export function windowedJsonReader(): RecordReader {
  const series = new SeriesTable();
  const rows: WindowRow[] = [];
  const parser = new WindowedJsonParser({ series, onRejected: () => undefined, onRow: (row) => rows.push({ ...row }) });
  return {
    take: (line) => {
      const before = rows.length;
      parser.push(line);
      parser.push(LINE_END);
      return rows.length > before;
    },
    finish: () => ({
      counts: { accepted: rows.length, duplicate: 0, external: 0, outOfRange: 0 },
      windows: { series, rows, account: 'rows' },
    }),
  };
}

/** Lines of an access log. @param days the days that the log was read for, `YYYY-MM-DD`; every day when absent */
export function accessLogReader(file: string, days: readonly string[] | undefined): RecordReader {
  const counter = new TrafficCounter();
  const parser = new AccessLogParser({
    fileName: basename(file),
    counter,
    onRejected: () => undefined,
    ...(days && { days: new Set(days.map((day) => parseInstant(`${day}T00:00:00Z`)! / DAY_MS)) }),
  });
  const taken = () => parser.totals.accepted + parser.totals.external + parser.totals.outOfRange;
  return {
    take: (line) => {
      const before = taken();
      parser.push(line);
      parser.push(LINE_END);
      return taken() > before;
    },
    finish: () => {
      const calls = counter.counts(USERS_SOURCE);
      const requests = (kind: 'service' | 'user') =>
        calls.reduce((sum, count) => sum + (count.kind === kind ? count.totalRequests : 0), 0);
      return {
        counts: {
          accepted: requests('service'),
          duplicate: 0,
          external: requests('user'),
          outOfRange: parser.totals.outOfRange,
        },
        calls,
      };
    },
  };
}
