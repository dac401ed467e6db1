import { formatInstant, type MetricSource } from '@pulselake/data-model';
import { ExactSum } from './exact-sum.js';

const EVENT_WINDOW_MS = 300_000;

/** The identity of a series of windows. */
export interface SeriesKey {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
  readonly source: MetricSource;
}

/** One window as it was delivered; without sum or count when they were not. */
export interface WholeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minValue: number;
  readonly maxValue: number;
  readonly sumValue?: number | undefined;
  readonly sampleCount?: number | undefined;
}

interface EventWindow {
  min: number;
  max: number;
  readonly sum: ExactSum;
  count: number;
}

/** The windows of one series. */
export class ExpectedSeries {
  /** Six numbers a window, since millions of objects would not fit: from, to, min, max, sum or NaN, count or NaN. */
  readonly #whole: number[] = [];
  readonly #byStart = new Map<number, EventWindow>();

  constructor(readonly key: SeriesKey) {}

  /** Adds a delivered window. Each one is delivered once. */
  addWindow({ fromMs, toMs, minValue, maxValue, sumValue, sampleCount }: WholeWindow): void {
    this.#whole.push(fromMs, toMs, minValue, maxValue, sumValue ?? NaN, sampleCount ?? NaN);
  }

  /** Counts an event into its five minutes. */
  addEvent(timeMs: number, value: number): void {
    const start = Math.floor(timeMs / EVENT_WINDOW_MS) * EVENT_WINDOW_MS;
    let window = this.#byStart.get(start);
    if (!window) {
      window = { min: value, max: value, sum: new ExactSum(), count: 0 };
      this.#byStart.set(start, window);
    }
    if (value < window.min) window.min = value;
    if (value > window.max) window.max = value;
    window.sum.add(value);
    window.count++;
  }

  /** Every window as a line of JSON, by start and end. */
  *lines(): Iterable<string> {
    const rows: number[][] = [];
    for (let at = 0; at < this.#whole.length; at += 6) rows.push(this.#whole.slice(at, at + 6));
    for (const [start, { min, max, sum, count }] of this.#byStart) {
      rows.push([start, start + EVENT_WINDOW_MS, min, max, sum.value, count]);
    }
    rows.sort((left, right) => left[0]! - right[0]! || left[1]! - right[1]!);
    const { source, ...names } = this.key;
    for (const [from, to, minValue, maxValue, sum, count] of rows as [
      number,
      number,
      number,
      number,
      number,
      number,
    ][]) {
      yield JSON.stringify({
        ...names,
        fromTimestamp: formatInstant(from),
        toTimestamp: formatInstant(to),
        source,
        minValue,
        maxValue,
        sumValue: Number.isNaN(sum) ? null : sum,
        sampleCount: Number.isNaN(count) ? null : count,
      });
    }
  }
}

/** The rows that `windowed_metrics_current` must give. */
export class ExpectedWindows {
  readonly #series = new Map<string, ExpectedSeries>();

  /** The series of this key, made when it is new. */
  series({ componentName, metricName, unit, source }: SeriesKey): ExpectedSeries {
    const id = `${componentName}\0${metricName}\0${unit}\0${source}`;
    let series = this.#series.get(id);
    if (!series) {
      series = new ExpectedSeries({ componentName, metricName, unit, source });
      this.#series.set(id, series);
    }
    return series;
  }

  /** Every row as a line of JSON, sorted by component, metric, unit, source (by UTF-16 unit), start and end. */
  *lines(): Iterable<string> {
    for (const [, series] of [...this.#series].sort(([left], [right]) => (left < right ? -1 : 1))) {
      yield* series.lines();
    }
  }
}
