import { utcDay } from '@pulselake/data-model';
import type { ExpectedResults } from '../expected/expected-results.js';
import type { FleetService } from '../fleet.js';
import type { PresetPlan } from '../preset-plan.js';
import type { LogShape } from '../records/access-log-line.js';
import { accessLogLines } from './access-log-lines.js';
import type { DatasetFile } from './dataset-file.js';
import { EVENT_CSV_COLUMNS, eventCsvFormat, eventJsonFormat } from './event-formats.js';
import type { Line } from './encode-lines.js';
import { eventLines, type EventFormat, type EventLinesOptions } from './event-lines.js';
import { textFile } from './text-file.js';
import { WIDE_WINDOW_CSV_COLUMNS, WINDOW_CSV_COLUMNS, windowCsvFormat, windowJsonFormat } from './window-formats.js';
import { windowLines } from './window-lines.js';
import { windowParquetRows } from './window-parquet-rows.js';

const DAY_MS = 86_400_000;
const EVENT_SHARDS = 2;
/** Windows of the first minutes of a day lie in the file of the day before when anything spills over midnight. */
const WINDOW_SPILL_MS = 600_000;

/** The files of a preset, oldest first within each folder. */
export function presetFiles(plan: PresetPlan): readonly DatasetFile[] {
  const delivering = (delivery: FleetService['delivery']): readonly FleetService[] =>
    plan.fleet.services.filter((service) => service.delivery === delivery);
  return [
    ...delivering('windowed-csv').flatMap((service, place) => windowCsvFiles(plan, service, place)),
    ...delivering('windowed-json').map((service) => windowJsonFile(plan, service)),
    ...delivering('windowed-parquet').map((service) => windowParquetFile(plan, service)),
    ...eventCsvFiles(plan, delivering('event-csv')),
    ...eventFiles(plan, delivering('events')),
    ...serviceLogFiles(plan),
    ...sharedLogFiles(plan),
  ];
}

function windowCsvFiles(plan: PresetPlan, service: FleetService, place: number): DatasetFile[] {
  const spillMs = plan.faults.midnightSpill > 0 ? WINDOW_SPILL_MS : 0;
  // The second service delivers what the training's files have, and no more.
  const withSums = place % 3 !== 1;
  const columns =
    place % 3 === 0
      ? WIDE_WINDOW_CSV_COLUMNS
      : withSums
        ? [...WINDOW_CSV_COLUMNS, 'sumValue', 'sampleCount']
        : WINDOW_CSV_COLUMNS;
  return plan.days.map((dayMs, day) => {
    const path = `metrics/${service.name}-${utcDay(dayMs)}.csv`;
    return textFile({
      path,
      stage: 'metrics-etl',
      gzip: day % 2 === 1,
      place: place * plan.days.length + day,
      faults: plan.faults,
      header: columns.join(','),
      // The training's generator leaves it out.
      finalNewline: day !== 0,
      lines: (expected) =>
        windowLines(
          {
            plan,
            service,
            windowMs: plan.windowMs,
            fromMs: day === 0 ? plan.startMs : dayMs + spillMs,
            toMs: dayMs + DAY_MS + spillMs,
            withSums,
            format: windowCsvFormat(columns, plan.variety),
            random: plan.random.fork(path),
            plant: day === 0,
          },
          expected,
        ),
    });
  });
}

function windowJsonFile(plan: PresetPlan, service: FleetService): DatasetFile {
  const path = `metrics/${service.name}.jsonl`;
  return textFile({
    path,
    stage: 'metrics-etl',
    gzip: false,
    place: 0,
    faults: plan.faults,
    lines: (expected) =>
      windowLines(
        {
          plan,
          service,
          windowMs: plan.windowMs * 3,
          fromMs: plan.startMs,
          toMs: plan.nowMs,
          withSums: true,
          format: windowJsonFormat(plan.variety),
          random: plan.random.fork(path),
          plant: true,
        },
        expected,
      ),
  });
}

function windowParquetFile(plan: PresetPlan, service: FleetService): DatasetFile {
  const path = `metrics/${service.name}.parquet`;
  return {
    kind: 'parquet',
    path,
    stage: 'metrics-etl',
    rows: (expected) => windowParquetRows({ plan, service, random: plan.random.fork(path) }, expected),
  };
}

function eventCsvFiles(plan: PresetPlan, services: readonly FleetService[]): DatasetFile[] {
  return plan.days.map((dayMs, day) => {
    const path = `metrics/plain-events-${utcDay(dayMs)}.csv`;
    const file = { path, stage: 'metrics-etl', idPrefix: `b${day}`, place: day + 1 } as const;
    return eventFile({
      plan,
      services,
      day,
      file,
      format: eventCsvFormat(plan.variety),
      header: EVENT_CSV_COLUMNS.join(','),
    });
  });
}

function eventFiles(plan: PresetPlan, services: readonly FleetService[]): DatasetFile[] {
  return plan.days.flatMap((dayMs, day) =>
    Array.from({ length: EVENT_SHARDS }, (_, shard) => {
      // As on Kinesis, a series stays in its shard.
      const mine = services.filter((_service, index) => index % EVENT_SHARDS === shard);
      const path = `events/${utcDay(dayMs)}-shard-${shard}.ndjson`;
      const file = {
        path,
        stage: 'stream-windows',
        idPrefix: `s${shard}d${day}`,
        place: day * EVENT_SHARDS + shard,
      } as const;
      return eventFile({ plan, services: mine, day, file, format: eventJsonFormat(plan.variety) });
    }),
  );
}

interface EventFileOptions {
  readonly plan: PresetPlan;
  readonly services: readonly FleetService[];
  readonly day: number;
  readonly file: {
    readonly path: string;
    readonly stage: 'metrics-etl' | 'stream-windows';
    readonly idPrefix: string;
    readonly place: number;
  };
  readonly format: EventFormat;
  readonly header?: string;
}

function eventFile({ plan, services, day, file, format, header }: EventFileOptions): DatasetFile {
  const fromMs = plan.days[day]!;
  return textFile({
    ...file,
    gzip: day % 2 === 0,
    faults: plan.faults,
    ...(header === undefined ? {} : { header }),
    lines: (expected) =>
      eventLines(
        {
          plan,
          stage: file.stage,
          format,
          series: interleavedSeries(services),
          fromMs,
          toMs: Math.min(fromMs + DAY_MS, plan.nowMs),
          random: plan.random.fork(file.path),
          idPrefix: file.idPrefix,
          // On a day with one before it, so that what spills over midnight meets another file.
          plant: day === 1,
        },
        expected,
      ),
  });
}

/** The services in turn: were one after the other sent, a slow clock would let the stream's time stand and jump. */
function interleavedSeries(services: readonly FleetService[]): EventLinesOptions['series'] {
  const most = Math.max(0, ...services.map(({ metrics }) => metrics.length));
  return Array.from({ length: most }, (_, place) =>
    services.flatMap(({ name, metrics }) =>
      metrics.slice(place, place + 1).map((metric) => ({ componentName: name, metric })),
    ),
  ).flat();
}

function serviceLogFiles(plan: PresetPlan): DatasetFile[] {
  const { services, calls } = plan.fleet;
  const totalWeight = services.reduce((sum, { logWeight }) => sum + logWeight, 0);
  return plan.days.flatMap((dayMs, day) =>
    services.map((service, index) => {
      const path = `access-logs/${service.name}-${utcDay(dayMs)}.txt`;
      const place = day * services.length + index;
      return textFile({
        path,
        stage: 'traffic-report',
        gzip: place % 3 === 1,
        place,
        faults: plan.faults,
        finalNewline: place % 2 === 1,
        lines: (expected) =>
          accessLogLines(
            {
              plan,
              calls: calls.filter(({ target }) => target === service.name),
              targetInPath: false,
              shape: service.logShape,
              day,
              linesPerDay: (plan.logLinesPerDay * service.logWeight) / totalWeight,
              random: plan.random.fork(path),
              plant: day === 1,
              oversizedLines: place === 0 ? plan.faults.oversizedLines : 0,
            },
            expected,
          ),
      });
    }),
  );
}

/** Logs whose names name no service: the target stands in the path. */
function sharedLogFiles(plan: PresetPlan): DatasetFile[] {
  const logs: readonly { name: string; shape: LogShape; targets: readonly string[] }[] = [
    { name: 'gateway', shape: 1, targets: ['order-service', 'cart-service', 'catalog-service'] },
    { name: 'mesh_7.access', shape: 3, targets: ['payment-service', 'inventory-service'] },
    { name: 'edge-proxy', shape: 4, targets: ['user-service', 'search-service', 'recommendation-service'] },
  ];
  return logs.map(({ name, shape, targets }, place) => {
    const path = `access-logs/${name}.txt`;
    return textFile({
      path,
      stage: 'traffic-report',
      gzip: place === 2,
      place,
      faults: plan.faults,
      lines: (expected) => sharedLogLines({ plan, path, shape, targets }, expected),
    });
  });
}

interface SharedLog {
  readonly plan: PresetPlan;
  readonly path: string;
  readonly shape: LogShape;
  readonly targets: readonly string[];
}

function* sharedLogLines({ plan, path, shape, targets }: SharedLog, expected: ExpectedResults): Iterable<Line> {
  for (const day of plan.days.keys()) {
    yield* accessLogLines(
      {
        plan,
        calls: plan.fleet.calls.filter(({ target }) => targets.includes(target)),
        targetInPath: true,
        shape,
        day,
        linesPerDay: plan.logLinesPerDay * 0.02,
        random: plan.random.fork(`${path}/${day}`),
        plant: day === 0,
      },
      expected,
    );
  }
}
