import {
  DEFAULT_WINDOW_SETTINGS,
  formatInstant,
  type MetricEvent,
  type MetricSource,
  type RejectReason,
  type RunCounts,
  utcDay,
} from '@pulselake/data-model';
import { ExpectedWindows, type SeriesKey, type WholeWindow } from './expected-windows.js';
import { rawRecord } from './raw-record.js';

/** The pipelines that read generated files. */
export const GENERATED_STAGES = ['metrics-etl', 'stream-windows', 'traffic-report'] as const;
/** A stage whose results the generator can tell. */
export type GeneratedStage = (typeof GENERATED_STAGES)[number];

/** Where the records of one stage must go: `read = accepted + duplicate + external + outOfRange + rejected`. */
export interface ExpectedCounts extends RunCounts {
  readonly rejectedByReason: Readonly<Partial<Record<RejectReason, number>>>;
}

/** An event with its time in milliseconds. */
export type TimedEvent = Omit<MetricEvent, 'publicationTimestamp'> & { readonly timeMs: number };

/** A line of an access log as it was meant; without a source when a person called. */
export interface LoggedCall {
  readonly source?: string | undefined;
  readonly target: string;
  readonly timeMs: number;
  readonly status: number;
}

/** What a correct pipeline must make of the generated files: filled while they are generated, from what is meant by each record. */
export class ExpectedResults {
  readonly windows = new ExpectedWindows();
  readonly #counts = Object.fromEntries(GENERATED_STAGES.map((stage) => [stage, new StageTally()])) as Record<
    GeneratedStage,
    StageTally
  >;
  readonly #traffic = new Map<string, { total: number; failed: number }>();
  readonly #rejected: string[] = [];
  #lastDay = { number: NaN, text: '' };

  /** @param nowMs the clock against which events are `future` */
  constructor(readonly nowMs: number) {}

  /** Counts a record that a reader will see. */
  read(stage: GeneratedStage): void {
    this.#counts[stage].read++;
  }

  /** A windowed metric of a batch. */
  window(key: Omit<SeriesKey, 'source'>, window: WholeWindow): void {
    this.#counts['metrics-etl'].accepted++;
    this.windows.series({ ...key, source: 'batch' }).addWindow(window);
  }

  /** An event that arrives for the first time; too far ahead of the clock it is rejected. */
  event(stage: 'metrics-etl' | 'stream-windows', event: TimedEvent): void {
    const { componentName, metricName, unit, value, timeMs, eventId } = event;
    if (timeMs > this.nowMs + DEFAULT_WINDOW_SETTINGS.maxFutureSkewSeconds * 1000) {
      const publicationTimestamp = formatInstant(timeMs);
      this.reject(
        stage,
        'future',
        JSON.stringify({ componentName, metricName, unit, value, publicationTimestamp, eventId }),
      );
      return;
    }
    const source: MetricSource = stage === 'metrics-etl' ? 'batch' : 'stream';
    this.#counts[stage].accepted++;
    this.windows.series({ componentName, metricName, unit, source }).addEvent(timeMs, value);
  }

  /** An event delivered again in the same file. */
  repeat(stage: 'metrics-etl' | 'stream-windows'): void {
    this.#counts[stage].duplicate++;
  }

  /** A line of an access log. */
  call({ source, target, timeMs, status }: LoggedCall): void {
    const tally = this.#counts['traffic-report'];
    if (source === undefined) {
      tally.external++;
      return;
    }
    tally.accepted++;
    const id = `${this.#dayOf(timeMs)}\0${source}\0${target}`;
    let pair = this.#traffic.get(id);
    if (!pair) {
      pair = { total: 0, failed: 0 };
      this.#traffic.set(id, pair);
    }
    pair.total++;
    if (status >= 500) pair.failed++;
  }

  /** Lines of a log mostly lie on one day, and formatting takes longer than all else. */
  #dayOf(timeMs: number): string {
    const dayNumber = Math.floor(timeMs / 86_400_000);
    if (dayNumber !== this.#lastDay.number) this.#lastDay = { number: dayNumber, text: utcDay(timeMs) };
    return this.#lastDay.text;
  }

  /** A record that must be rejected; without a line when it has no raw text (Parquet). */
  reject(stage: GeneratedStage, reason: RejectReason, line?: string | Uint8Array): void {
    const tally = this.#counts[stage];
    tally.rejectedByReason[reason] = (tally.rejectedByReason[reason] ?? 0) + 1;
    this.#rejected.push(JSON.stringify({ stage, reason, ...(line === undefined ? {} : rawRecord(line)) }));
  }

  counts(stage: GeneratedStage): ExpectedCounts {
    const { read, accepted, duplicate, external, rejectedByReason } = this.#counts[stage];
    const rejected = Object.values(rejectedByReason).reduce((sum, count) => sum + count, 0);
    return { read, accepted, duplicate, external, outOfRange: 0, rejected, rejectedByReason: { ...rejectedByReason } };
  }

  /** The rows of `traffic_reports`, by day, source, target. */
  *trafficLines(): Iterable<string> {
    for (const [id, { total, failed }] of [...this.#traffic].sort(([left], [right]) => (left < right ? -1 : 1))) {
      const [reportDate, source, target] = id.split('\0') as [string, string, string];
      yield JSON.stringify({ source, target, totalRequests: total, failedRequests: failed, reportDate });
    }
  }

  /** The rows of `rejected_records`, by stage, reason and text. */
  rejectedLines(): readonly string[] {
    return [...this.#rejected].sort();
  }
}

class StageTally {
  read = 0;
  accepted = 0;
  duplicate = 0;
  external = 0;
  readonly rejectedByReason: Partial<Record<RejectReason, number>> = {};
}
