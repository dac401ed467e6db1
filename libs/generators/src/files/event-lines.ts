import type { ExpectedResults, TimedEvent } from '../expected/expected-results.js';
import type { FleetMetric } from '../fleet.js';
import type { PresetPlan } from '../preset-plan.js';
import type { Random } from '../random.js';
import { FaultPicker } from '../records/fault-picker.js';
import { LINE_FAULTS, type BrokenLine, type LineFault } from '../records/record-roles.js';
import { metricValue } from '../rhythm.js';
import { oversizedLine, type Line } from './encode-lines.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** In stream time: streams still hold the id. */
const REPEAT_WITHIN_MS = 60_000;
const ARRIVAL_FAULTS = ['late', 'veryLate', 'duplicate', 'midnightSpill', 'future'] as const;
const EVENT_LINE_FAULTS = LINE_FAULTS.filter((fault) => fault !== 'minAboveMax' && fault !== 'emptyWindow');

/** How one format writes an event. */
export interface EventFormat {
  render(event: TimedEvent, random: Random): string;
  break(event: TimedEvent, fault: LineFault, random: Random): BrokenLine;
}

export interface EventLinesOptions {
  readonly plan: PresetPlan;
  readonly stage: 'metrics-etl' | 'stream-windows';
  readonly format: EventFormat;
  readonly series: readonly { readonly componentName: string; readonly metric: FleetMetric }[];
  /** When the events arrive: `[fromMs, toMs)`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly random: Random;
  /** Starts each `eventId` of the file. */
  readonly idPrefix: string;
  /** Whether each fault comes at least once. */
  readonly plant: boolean;
}

/** The events of some series in order of arrival, each series one event per interval. */
export function* eventLines(options: EventLinesOptions, expected: ExpectedResults): Iterable<Line> {
  const { plan, stage, format, series, fromMs, toMs, random, idPrefix, plant } = options;
  const { faults } = plan;
  const kinds = [...ARRIVAL_FAULTS, ...EVENT_LINE_FAULTS];
  const picker = new FaultPicker({ faults, kinds, random: random.fork('faults'), plant });
  const stepMs = plan.eventIntervalMs / series.length;
  let streamMs = 0;
  let repeats: { dueMs: number; line: string }[] = [];
  for (let tick = 0; ; tick++) {
    const arrivalMs = fromMs + Math.floor(tick * stepMs);
    if (arrivalMs >= toMs) break;
    const { componentName, metric } = series[tick % series.length]!;
    if (isQuiet(plan, componentName, arrivalMs)) continue;
    if (random.chance(faults.blankLine)) yield '';
    if (plant && tick < faults.oversizedLines) {
      const line = oversizedLine();
      expected.reject(stage, 'too-long', line);
      yield line;
    }
    const fault = picker.pick();
    const timeMs = eventTime({ arrivalMs, fromMs, nowMs: plan.nowMs, fault, componentName, plan, random });
    const due = repeats.filter(({ dueMs }) => dueMs <= Math.max(timeMs, arrivalMs));
    for (const { line } of due) {
      expected.repeat(stage);
      yield line;
    }
    repeats = repeats.filter((repeat) => !due.includes(repeat));
    const event: TimedEvent = {
      componentName,
      metricName: metric.metricName,
      unit: metric.unit,
      value: metricValue({ componentName, metric, timeMs, incident: plan.incident, random }),
      timeMs,
      // Without an id a repeat could not be told from a second event.
      ...(fault === 'duplicate' || hasIds(componentName) ? { eventId: `${idPrefix}-${tick.toString(36)}` } : {}),
    };
    if (fault !== undefined && isLineFault(fault)) {
      const { line, reason } = format.break(event, fault, random);
      expected.reject(stage, reason, line);
      yield line;
      continue;
    }
    const line = format.render(event, random);
    expected.event(stage, event);
    yield line;
    if (timeMs <= plan.nowMs) streamMs = Math.max(streamMs, timeMs);
    if (fault === 'duplicate') repeats.push({ dueMs: streamMs + random.int(1, REPEAT_WITHIN_MS), line });
  }
  for (const { line } of repeats) {
    expected.repeat(stage);
    yield line;
  }
}

interface EventTimeOptions {
  readonly arrivalMs: number;
  readonly fromMs: number;
  readonly nowMs: number;
  readonly fault: string | undefined;
  readonly componentName: string;
  readonly plan: PresetPlan;
  readonly random: Random;
}

function eventTime({ arrivalMs, fromMs, nowMs, fault, componentName, plan, random }: EventTimeOptions): number {
  const skewMs = plan.faults.clockSkewMs[componentName] ?? 0;
  switch (fault) {
    case 'late':
      return arrivalMs - random.int(MINUTE_MS, 8 * MINUTE_MS);
    case 'veryLate':
      return arrivalMs - random.int(20 * MINUTE_MS, 90 * MINUTE_MS);
    case 'midnightSpill':
      return Math.floor(fromMs / DAY_MS) * DAY_MS - random.int(1, 2 * MINUTE_MS);
    case 'future':
      return nowMs + random.int(HOUR_MS, DAY_MS);
    default:
      // Sent up to five seconds ago; an event from a fast clock must stay within the past.
      return Math.min(arrivalMs - random.int(0, 5000) + skewMs, nowMs);
  }
}

function isQuiet(plan: PresetPlan, componentName: string, timeMs: number): boolean {
  const hour = Math.floor(timeMs / HOUR_MS) % 24;
  return plan.faults.quietSpells.some(
    (spell) => spell.componentName === componentName && hour >= spell.fromHour && hour < spell.toHour,
  );
}

/** Half of the services send ids, by the length of their names: any rule that stays would do. */
function hasIds(componentName: string): boolean {
  return componentName.length % 2 === 0;
}

function isLineFault(fault: string): fault is LineFault {
  return (LINE_FAULTS as readonly string[]).includes(fault);
}
