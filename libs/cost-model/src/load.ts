import { InvalidLoadError } from './errors.js';

/** What a deployment has to bear. */
export interface Load {
  /** Metric events on the stream, a second, on average over the busiest hours. */
  readonly eventsPerSecond: number;
  /** Components that send metrics. */
  readonly components: number;
  /** Lines of access logs delivered a day. */
  readonly logLinesPerDay: number;
  /** People who look at dashboards in a month. */
  readonly dashboardViewers: number;
}

/** @throws InvalidLoadError when a number is negative, not finite or beyond what the arithmetic is made for */
export function checkLoad(load: Load): void {
  for (const [name, value] of Object.entries(load) as [keyof Load, number][]) {
    if (!Number.isFinite(value) || value < 0 || value > LARGEST[name]) {
      throw new InvalidLoadError(`${name} is ${value}; it must be a number from 0 to ${LARGEST[name]}.`);
    }
  }
}

const LARGEST: Readonly<Record<keyof Load, number>> = {
  eventsPerSecond: 1e8,
  components: 1e7,
  logLinesPerDay: 1e13,
  dashboardViewers: 1e6,
};
