import { NO_FAULTS, RECORD_FAULTS, type Faults, type RecordFault } from './faults.js';
import { SHOP_FLEET, type Fleet, type FleetMetric } from './fleet.js';
import type { PresetPlan } from './preset-plan.js';
import type { Random } from './random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Windows of the three services with CSV, of JSON Lines (3 times as long) and Parquet (12 times), four metrics each. */
const WINDOWED_SERIES = 12 + 4 / 3 + 4 / 12;

/** What `generate --preset` knows. */
export const PRESET_NAMES = ['demo', 'faulty', 'large'] as const;
/** One of {@link PRESET_NAMES}. */
export type PresetName = (typeof PRESET_NAMES)[number];

const QUIET_SPELLS = [
  { componentName: 'recommendation-service', fromHour: 2, toHour: 5 },
  { componentName: 'inventory-service', fromHour: 1, toHour: 3 },
];

/** Everything happens, but seldom. */
const DEMO_FAULTS: Faults = {
  ...everyFault(0.0004),
  late: 0.004,
  veryLate: 0.001,
  duplicate: 0.004,
  midnightSpill: 0.001,
  blankLine: 0.0003,
  crlfFile: 0.1,
  bomFile: 0.1,
  oversizedLines: 0,
  clockSkewMs: { 'search-service': -7 * 60_000 },
  quietSpells: QUIET_SPELLS,
};

/** Everything happens, often. */
const FAULTY_FAULTS: Faults = {
  ...everyFault(0.004),
  late: 0.03,
  veryLate: 0.01,
  duplicate: 0.02,
  midnightSpill: 0.005,
  blankLine: 0.005,
  crlfFile: 0.25,
  bomFile: 0.25,
  oversizedLines: 1,
  clockSkewMs: { 'search-service': -7 * 60_000, 'catalog-service': 90_000 },
  quietSpells: QUIET_SPELLS,
};

export interface PresetPlanOptions {
  readonly nowMs: number;
  readonly random: Random;
  /** Multiplies the numbers of records of `faulty`. */
  readonly scale: number;
  /** Replaces the preset's faults one by one. */
  readonly faults?: Partial<Faults> | undefined;
}

/** The shop over the last three days and today: made to be looked at. */
export function demoPlan({ nowMs, random, faults }: PresetPlanOptions): PresetPlan {
  const period = threeDaysUntil(nowMs);
  return {
    ...period,
    fleet: SHOP_FLEET,
    faults: { ...DEMO_FAULTS, ...faults },
    random,
    nowMs,
    incident: {
      source: 'order-service',
      target: 'payment-service',
      fromMs: nowMs - 20 * HOUR_MS,
      toMs: nowMs - 17 * HOUR_MS,
      failingShare: 0.35,
      latencyFactor: 6,
    },
    eventIntervalMs: 150_000,
    windowMs: 300_000,
    windowOffsetMs: 0,
    logLinesPerDay: 14_000,
    variety: 0.01,
  };
}

/** The shop with every fault, at about 30,000 events, 30,000 windows and 60,000 log lines times `scale`. */
export function faultyPlan({ nowMs, random, scale, faults }: PresetPlanOptions): PresetPlan {
  const period = threeDaysUntil(nowMs);
  const elapsedMs = nowMs - period.startMs;
  const eventSeries = SHOP_FLEET.services.filter(({ delivery }) => delivery === 'events').length * 4;
  return {
    ...period,
    fleet: withOddNames(SHOP_FLEET),
    faults: { ...FAULTY_FAULTS, ...faults },
    random,
    nowMs,
    incident: undefined,
    eventIntervalMs: (elapsedMs * eventSeries) / (30_000 * scale),
    windowMs: Math.max(1000, Math.floor((elapsedMs * WINDOWED_SERIES) / (30_000 * scale))),
    windowOffsetMs: 1,
    logLinesPerDay: (60_000 * scale * DAY_MS) / elapsedMs,
    variety: 0.08,
  };
}

function threeDaysUntil(nowMs: number): Pick<PresetPlan, 'startMs' | 'days'> {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  // Just after midnight today's files would be empty.
  const days = [3, 2, 1, 0].map((ago) => today - ago * DAY_MS).filter((dayMs) => dayMs + HOUR_MS / 2 <= nowMs);
  return { startMs: days[0]!, days };
}

function everyFault(rate: number): Faults {
  return {
    ...NO_FAULTS,
    ...(Object.fromEntries(RECORD_FAULTS.map((fault) => [fault, rate])) as Record<RecordFault, number>),
  };
}

/** Names that need quotes in CSV and more than a byte a character. */
function withOddNames(fleet: Fleet): Fleet {
  const odd: FleetMetric = {
    metricName: 'queue "fast", größe \u{1F680}',
    unit: 'µs',
    mean: 900,
    swing: 0.2,
    noise: 0.5,
  };
  return {
    ...fleet,
    services: fleet.services.map((service) =>
      ['order-service', 'payment-service', 'shipping-service', 'notification-service'].includes(service.name)
        ? { ...service, metrics: [...service.metrics.slice(0, -1), odd] }
        : service,
    ),
  };
}
