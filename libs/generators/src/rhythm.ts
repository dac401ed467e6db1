import type { FleetMetric, Incident } from './fleet.js';
import type { Random } from './random.js';

const HOUR_MS = 3_600_000;

/** Load by UTC hour, mean about 1: a quiet night, a rise in the morning, a peak in the evening. */
const LOAD_BY_HOUR = [
  0.42, 0.33, 0.28, 0.26, 0.29, 0.38, 0.56, 0.82, 1.08, 1.24, 1.31, 1.34, 1.38, 1.33, 1.27, 1.25, 1.31, 1.43, 1.58,
  1.66, 1.55, 1.24, 0.88, 0.59,
] as const;

/**
 * The load at an instant relative to the day's mean, 0.26 to 1.66. From a table, since sine need not give the same
 * bits everywhere.
 */
function loadAt(epochMs: number): number {
  const hours = epochMs / HOUR_MS;
  const whole = Math.floor(hours);
  const here = LOAD_BY_HOUR[((whole % 24) + 24) % 24]!;
  const next = LOAD_BY_HOUR[(((whole + 1) % 24) + 24) % 24]!;
  return here + (next - here) * (hours - whole);
}

/**
 * The instant at which `share` of the load between two instants has passed.
 *
 * @param share 0 to 1
 */
export function instantAtLoadShare(share: number, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
  const slots = 96;
  const slotMs = (toMs - fromMs) / slots;
  const loads = Array.from({ length: slots }, (_, slot) => loadAt(fromMs + (slot + 0.5) * slotMs));
  let left = share * loads.reduce((sum, load) => sum + load, 0);
  for (const [slot, load] of loads.entries()) {
    if (left < load) return Math.floor(fromMs + (slot + left / load) * slotMs);
    left -= load;
  }
  return toMs - 1;
}

export interface MetricValueOptions {
  readonly componentName: string;
  readonly metric: FleetMetric;
  readonly timeMs: number;
  readonly incident?: Incident | undefined;
  readonly random: Random;
}

/** A plausible value of a metric at an instant, at most three decimals, never negative. */
export function metricValue({ componentName, metric, timeMs, incident, random }: MetricValueOptions): number {
  let mean = metric.mean * (1 + metric.swing * (loadAt(timeMs) - 1));
  if (incident && metric.metricName === 'latency' && timeMs >= incident.fromMs && timeMs < incident.toMs) {
    if (componentName === incident.target) mean *= incident.latencyFactor;
    if (componentName === incident.source) mean *= 1 + incident.latencyFactor / 3;
  }
  const stray = (random.next() + random.next() + random.next() - 1.5) / 1.5;
  const value = Math.max(0, mean * (1 + metric.noise * stray));
  return roundToThousandths(metric.limit === undefined ? value : Math.min(metric.limit, value));
}

/** Keeps three decimals: numbers people like to read. */
export function roundToThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
