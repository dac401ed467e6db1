import { SHOP_FLEET } from './fleet.js';
import { createRandom } from './random.js';
import { metricValue } from './rhythm.js';
import { formatInstant } from '@pulselake/data-model';

/** The interval of {@link liveEventLines}, and what its events depend on. */
export interface LiveEventLinesOptions {
  readonly seed: number;
  /** Events of `[fromMs, toMs)`, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Distance between two events of one series, 1 or more; default 5000. */
  readonly intervalMs?: number;
}

/**
 * The shop's events of an interval as lines of JSON with ids, in order of time: call it with one interval after the
 * other to get a live stream. What an interval holds depends on the seed only, not on how it is cut.
 *
 * @throws RangeError when `intervalMs` is below 1
 */
export function* liveEventLines({ seed, fromMs, toMs, intervalMs = 5000 }: LiveEventLinesOptions): Iterable<string> {
  if (!(intervalMs >= 1)) throw new RangeError(`intervalMs is ${intervalMs}; it must be at least 1.`);
  const series = SHOP_FLEET.services
    .filter(({ delivery }) => delivery === 'events')
    .flatMap(({ name, metrics }) => metrics.map((metric) => ({ componentName: name, metric })));
  const random = createRandom(seed).fork('live');
  const stepMs = intervalMs / series.length;
  for (let tick = Math.ceil(fromMs / stepMs); tick * stepMs < toMs; tick++) {
    const timeMs = Math.floor(tick * stepMs);
    const { componentName, metric } = series[tick % series.length]!;
    const value = metricValue({ componentName, metric, timeMs, random: random.fork(String(tick)) });
    yield JSON.stringify({
      metricName: metric.metricName,
      componentName,
      publicationTimestamp: formatInstant(timeMs),
      value,
      unit: metric.unit,
      eventId: `live-${tick.toString(36)}`,
    });
  }
}
