import { utcDay } from '@pulselake/data-model';
import type { GeneratedStage } from '../expected/expected-results.js';
import { accessLogChunks } from '../fast/access-log-chunks.js';
import { benchmarkSeries } from '../fast/benchmark-series.js';
import { metricEventChunks } from '../fast/metric-event-chunks.js';
import { windowedMetricsCsvChunks } from '../fast/windowed-metrics-csv-chunks.js';
import type { BytesFile, DatasetFile } from './dataset-file.js';

const DAY_MS = 86_400_000;
const DAYS = 3;
const RECORDS_PER_KIND = 2_000_000;
const LOG_SERVICES = 4;

export interface LargeFilesOptions {
  readonly seed: number;
  readonly nowMs: number;
  /** Multiplies the two million records of each kind. */
  readonly scale: number;
}

/** Two million windows, events and log lines over the three days before today: for size, not for faults. */
export function largeFiles({ seed, nowMs, scale }: LargeFilesOptions): readonly DatasetFile[] {
  const firstMs = Math.floor(nowMs / DAY_MS) * DAY_MS - DAYS * DAY_MS;
  const days = Array.from({ length: DAYS }, (_, day) => firstMs + day * DAY_MS);
  const perDay = Math.round((RECORDS_PER_KIND * scale) / DAYS);
  const forDay = (startMs: number, day: number) => ({ seed: seed + day, startMs, days: 1 });
  return [
    ...days.map((startMs, day) => windowFile({ ...forDay(startMs, day), records: perDay })),
    ...days.map((startMs, day) => eventFile({ ...forDay(startMs, day), records: perDay })),
    ...days.flatMap((startMs, day) =>
      Array.from({ length: LOG_SERVICES }, (_, service) =>
        logFile(`service-${service}`, {
          ...forDay(startMs, day),
          seed: seed + day * LOG_SERVICES + service,
          records: Math.round(perDay / LOG_SERVICES),
        }),
      ),
    ),
  ];
}

interface DayOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly days: number;
  readonly records: number;
}

function bytesFile(path: string, stage: GeneratedStage, chunks: BytesFile['chunks']): BytesFile {
  return { kind: 'bytes', path, stage, gzip: false, chunks };
}

function windowFile(options: DayOptions): BytesFile {
  const series = benchmarkSeries(25);
  return bytesFile(`metrics/windows-${utcDay(options.startMs)}.csv`, 'metrics-etl', (expected) =>
    windowedMetricsCsvChunks({
      ...options,
      components: 25,
      onWindow: (index, fromMs, toMs, minValue, maxValue, sumValue, sampleCount) => {
        expected.read('metrics-etl');
        expected.window(series[index]!, { fromMs, toMs, minValue, maxValue, sumValue, sampleCount });
      },
    }),
  );
}

function eventFile(options: DayOptions): BytesFile {
  const series = benchmarkSeries(25);
  const day = utcDay(options.startMs);
  return bytesFile(`events/${day}.ndjson`, 'stream-windows', (expected) =>
    metricEventChunks({
      ...options,
      components: 25,
      withIds: true,
      idPrefix: `${day}-`,
      onEvent: (index, timeMs, value) => {
        expected.read('stream-windows');
        expected.event('stream-windows', { ...series[index]!, timeMs, value });
      },
    }),
  );
}

function logFile(service: string, options: DayOptions): BytesFile {
  return bytesFile(`access-logs/${service}-${utcDay(options.startMs)}.txt`, 'traffic-report', (expected) =>
    accessLogChunks({
      ...options,
      onCall: (caller, timeMs, status) => {
        expected.read('traffic-report');
        expected.call({ source: caller < 0 ? undefined : `service-${caller}`, target: service, timeMs, status });
      },
    }),
  );
}
