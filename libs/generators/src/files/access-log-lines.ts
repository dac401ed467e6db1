import type { ExpectedResults } from '../expected/expected-results.js';
import type { FleetCall } from '../fleet.js';
import type { PresetPlan } from '../preset-plan.js';
import type { Random } from '../random.js';
import {
  breakAccessLogLine,
  LOG_LINE_FAULTS,
  renderAccessLogLine,
  type LogLineFault,
  type LogShape,
} from '../records/access-log-line.js';
import { FaultPicker } from '../records/fault-picker.js';
import { instantAtLoadShare } from '../rhythm.js';
import { oversizedLine, type Line } from './encode-lines.js';

const DAY_MS = 86_400_000;
const PATHS = ['/api/v1/orders', '/api/v1/items/{id}?full=true', '/api/v1/users/42', '/oauth/token', '/п?q="x"', '/'];
const FINE_STATUSES = [200, 200, 200, 200, 200, 201, 204, 301, 404, 499];
const FAILED_STATUSES = [500, 502, 503, 504];

export interface AccessLogLinesOptions {
  readonly plan: PresetPlan;
  /** Who calls, and whom; several targets only in a file whose name does not tell it. */
  readonly calls: readonly FleetCall[];
  /** Whether the first path segment names the target. */
  readonly targetInPath: boolean;
  readonly shape: LogShape;
  /** Day of the file, from 0; its lines are of this day but for those that spill. */
  readonly day: number;
  /** Lines on a whole day. */
  readonly linesPerDay: number;
  readonly random: Random;
  /** Whether each fault comes at least once. */
  readonly plant: boolean;
  /** Lines of more than 1 MiB. */
  readonly oversizedLines?: number;
}

/** The lines of one access log, roughly in order of time. */
export function* accessLogLines(options: AccessLogLinesOptions, expected: ExpectedResults): Iterable<Line> {
  const { plan, targetInPath, shape, day, random } = options;
  const { faults, incident } = plan;
  const kinds = ['midnightSpill', ...LOG_LINE_FAULTS] as const;
  const picker = new FaultPicker({ faults, kinds, random: random.fork('faults'), plant: options.plant });
  const calls = options.calls.filter(({ fromDay = 0, toDay = Infinity }) => day >= fromDay && day <= toDay);
  const weight = calls.reduce((sum, call) => sum + call.weight, 0);
  const times = lineTimes(options);
  for (const [index, scheduledMs] of times.entries()) {
    if (random.chance(faults.blankLine)) yield '';
    if (index < (options.oversizedLines ?? 0)) {
      const line = oversizedLine();
      expected.reject('traffic-report', 'too-long', line);
      yield line;
    }
    const fault = picker.pick();
    const { source, target, failingShare } = pickCall(calls, random.next() * weight);
    const timeMs = fault === 'midnightSpill' ? spillTime(plan, day, random) : scheduledMs;
    const isIncident =
      incident &&
      source === incident.source &&
      target === incident.target &&
      timeMs >= incident.fromMs &&
      timeMs < incident.toMs;
    const isFailed = random.chance(isIncident ? incident.failingShare : failingShare);
    const status = random.pick(isFailed ? FAILED_STATUSES : FINE_STATUSES);
    const path = random.pick(PATHS);
    const call = {
      source,
      target,
      timeMs,
      status,
      method: random.pick(['GET', 'POST', 'PUT']),
      path: targetInPath ? `/${target}${path}` : path,
    };
    if (fault !== undefined && isLogLineFault(fault)) {
      const { line, reason } = breakAccessLogLine(shape, { ...call, source: source ?? 'cart-service' }, fault, random);
      expected.reject('traffic-report', reason, line);
      yield line;
      continue;
    }
    expected.call(call);
    yield renderAccessLogLine(shape, call, random);
  }
}

/** Times of a day's lines up to the clock, spread by the day's load. */
function lineTimes({ plan, day, linesPerDay, random }: AccessLogLinesOptions): number[] {
  const fromMs = plan.days[day]!;
  const whole = { fromMs, toMs: fromMs + DAY_MS };
  const count = Math.round(linesPerDay);
  // Between the knots of a table, since the load's integral would else be taken anew for each line.
  const knots = Array.from({ length: 289 }, (_, knot) => instantAtLoadShare(knot / 288, whole));
  const times: number[] = [];
  for (let line = 0; line < count; line++) {
    const place = ((line + random.next()) / count) * 288;
    const knot = Math.min(287, Math.floor(place));
    const timeMs = Math.floor(knots[knot]! + (knots[knot + 1]! - knots[knot]!) * (place - knot));
    if (timeMs < plan.nowMs) times.push(timeMs);
  }
  return times;
}

/** A time just outside the file's day, and not after the clock. */
function spillTime(plan: PresetPlan, day: number, random: Random): number {
  const fromMs = plan.days[day]!;
  const isToday = day === plan.days.length - 1;
  return isToday || random.chance(0.5) ? fromMs - random.int(1, 5000) : fromMs + DAY_MS + random.int(0, 5000);
}

function pickCall(calls: readonly FleetCall[], draw: number): FleetCall {
  let left = draw;
  for (const call of calls) {
    left -= call.weight;
    if (left < 0) return call;
  }
  return calls.at(-1)!;
}

function isLogLineFault(fault: string): fault is LogLineFault {
  return (LOG_LINE_FAULTS as readonly string[]).includes(fault);
}
