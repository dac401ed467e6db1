import type { ExpectedResults } from '../expected/expected-results.js';
import type { WholeWindow } from '../expected/expected-windows.js';
import type { FleetService } from '../fleet.js';
import type { PresetPlan } from '../preset-plan.js';
import type { Random } from '../random.js';
import { FaultPicker } from '../records/fault-picker.js';
import { LINE_FAULTS, type BrokenLine, type LineFault } from '../records/record-roles.js';
import { metricValue, roundToThousandths } from '../rhythm.js';
import { oversizedLine, type Line } from './encode-lines.js';

const SAMPLE_INTERVAL_MS = 10_000;
const HOUR_MS = 3_600_000;

/** A windowed metric before it is written. */
export interface NamedWindow extends WholeWindow {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
}

/** How one format writes a window. */
export interface WindowFormat {
  render(window: NamedWindow, random: Random): string;
  break(window: NamedWindow, fault: LineFault, random: Random): BrokenLine;
}

export interface WindowsOptions {
  readonly plan: PresetPlan;
  readonly service: FleetService;
  readonly windowMs: number;
  /** Starts of the windows: `[fromMs, toMs)`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether sums and counts are delivered. */
  readonly withSums: boolean;
  readonly random: Random;
}

/** The windows of a service's metrics in order of time; only whole ones before the clock. */
export function* windows(options: WindowsOptions): Iterable<NamedWindow> {
  const { plan, service, windowMs, toMs, withSums, random } = options;
  const origin = plan.startMs + plan.windowOffsetMs;
  const first = origin + Math.ceil((options.fromMs - origin) / windowMs) * windowMs;
  for (let fromMs = first; fromMs < toMs && fromMs + windowMs <= plan.nowMs; fromMs += windowMs) {
    const hour = Math.floor(fromMs / HOUR_MS) % 24;
    const isQuiet = plan.faults.quietSpells.some(
      (spell) => spell.componentName === service.name && hour >= spell.fromHour && hour < spell.toHour,
    );
    if (isQuiet) continue;
    for (const metric of service.metrics) {
      const mean = metricValue({
        componentName: service.name,
        metric,
        timeMs: fromMs,
        incident: plan.incident,
        random,
      });
      const low = mean * (1 - metric.noise * random.next());
      const high = mean * (1 + metric.noise * random.next());
      const sampleCount = Math.max(1, Math.round(windowMs / SAMPLE_INTERVAL_MS));
      yield {
        componentName: service.name,
        metricName: metric.metricName,
        unit: metric.unit,
        fromMs,
        toMs: fromMs + windowMs,
        minValue: Math.min(mean, roundToThousandths(low)),
        maxValue: Math.max(mean, Math.min(metric.limit ?? Infinity, roundToThousandths(high))),
        ...(withSums ? { sumValue: roundToThousandths(mean * sampleCount), sampleCount } : {}),
      };
    }
  }
}

export interface WindowLinesOptions extends WindowsOptions {
  readonly format: WindowFormat;
  /** Whether each fault comes at least once. */
  readonly plant: boolean;
}

/** The lines of a windowed-metrics file. */
export function* windowLines(options: WindowLinesOptions, expected: ExpectedResults): Iterable<Line> {
  const { plan, format, plant, random } = options;
  const { faults } = plan;
  const picker = new FaultPicker({ faults, kinds: LINE_FAULTS, random: random.fork('faults'), plant });
  let left = plant ? faults.oversizedLines : 0;
  for (const window of windows(options)) {
    if (random.chance(faults.blankLine)) yield '';
    for (; left > 0; left--) {
      const line = oversizedLine();
      expected.reject('metrics-etl', 'too-long', line);
      yield line;
    }
    const fault = picker.pick() as LineFault | undefined;
    if (fault === undefined) {
      expected.window(window, window);
      yield format.render(window, random);
      continue;
    }
    const { line, reason } = format.break(window, fault, random);
    expected.reject('metrics-etl', reason, line);
    yield line;
  }
}
