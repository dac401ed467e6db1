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
class ExpectedSeries {
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
    const numbers = this.#whole.slice();
    for (const [start, { min, max, sum, count }] of this.#byStart) {
      numbers.push(start, start + EVENT_WINDOW_MS, min, max, sum.value, count);
    }
    const { source, ...names } = this.key;
    const head = JSON.stringify(names).slice(0, -1);
    let to = NaN;
    let toText = '';
    for (const at of offsetsByTime(numbers)) {
      const from = numbers[at]!;
      // Windows mostly follow each other, and formatting instants takes the most time.
      const fromText = from === to ? toText : formatInstant(from);
      to = numbers[at + 1]!;
      toText = formatInstant(to);
      const values = `"minValue":${numbers[at + 2]!},"maxValue":${numbers[at + 3]!}`;
      const sums = `"sumValue":${jsonNumber(numbers[at + 4]!)},"sampleCount":${jsonNumber(numbers[at + 5]!)}`;
      yield `${head},"fromTimestamp":"${fromText}","toTimestamp":"${toText}","source":"${source}",${values},${sums}}`;
    }
  }
}

function jsonNumber(value: number): string {
  return Number.isNaN(value) ? 'null' : String(value);
}

/** Where the windows start among their numbers, by time. */
function offsetsByTime(numbers: readonly number[]): Uint32Array {
  const offsets = Uint32Array.from({ length: numbers.length / 6 }, (_, index) => index * 6);
  return offsets.sort((left, right) => numbers[left]! - numbers[right]! || numbers[left + 1]! - numbers[right + 1]!);
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
