import type { WindowSettings } from '@pulselake/data-model';
import {
  MetricEventParser,
  rejectedEvent,
  type RejectedLine,
  SeriesTable,
  WindowAggregator,
  type WindowResult,
} from '@pulselake/processing';

/** What a stream has read and where it went, so far. */
export interface StreamAccount {
  readonly read: number;
  /** Events that went into windows. */
  readonly accepted: number;
  readonly duplicate: number;
  /** Of the accepted, those in windows not yet written. */
  readonly open: number;
  readonly windowsCorrected: number;
}

/** What a stream has to write. */
export interface StreamResults {
  readonly account: StreamAccount;
  /** Windows due, each in its last revision. */
  readonly windows: readonly WindowResult[];
  readonly rejected: readonly RejectedLine[];
}

/**
 * The windows of one stream in memory: batches and clock steps in, windows and rejected records out.
 *
 * The same steps give the same results, so a replayed journal ends where the stream ended.
 */
export class StreamWindows {
  readonly series = new SeriesTable();
  readonly #aggregator: WindowAggregator;
  readonly #parser: MetricEventParser;
  readonly #shard: number;
  #accepted = 0;
  #duplicate = 0;
  #nowMs: number;
  #windows: WindowResult[] = [];
  #rejected: RejectedLine[] = [];

  constructor(settings: WindowSettings, startedAtMs: number) {
    this.#nowMs = startedAtMs;
    this.#aggregator = new WindowAggregator({
      settings,
      mode: 'streaming',
      series: this.series,
      onWindow: (window) => this.#windows.push(window),
    });
    this.#shard = this.#aggregator.openInput(startedAtMs);
    this.#parser = new MetricEventParser({
      series: this.series,
      onRejected: (line) => this.#rejected.push(line),
      onEvent: (event) => {
        const outcome = this.#aggregator.add(this.#shard, event, this.#nowMs);
        if (outcome === 'accepted') this.#accepted++;
        else if (outcome === 'duplicate') this.#duplicate++;
        else this.#rejected.push(rejectedEvent(outcome, event, this.series));
      },
    });
  }

  get account(): StreamAccount {
    return {
      read: this.#parser.records,
      accepted: this.#accepted,
      duplicate: this.#duplicate,
      open: this.#aggregator.openEvents,
      windowsCorrected: this.#aggregator.corrections,
    };
  }

  get heldWindows(): number {
    return this.#aggregator.heldWindows;
  }

  /** Takes bytes that arrived at an instant; a line may end in a later batch. */
  push(bytes: Uint8Array, atMs: number): void {
    this.#nowMs = atMs;
    this.#parser.push(bytes);
  }

  /** Lets processing time pass. */
  advanceClock(atMs: number): void {
    this.#nowMs = atMs;
    this.#aggregator.advanceClock(atMs);
  }

  /** Ends the stream: a last line without line end is a line, and every window is written. */
  finish(): void {
    this.#parser.end();
    this.#aggregator.finish();
  }

  /** Everything since the last call, with the account at this very moment: the two balance. */
  takeResults(): StreamResults {
    const latest = new Map(this.#windows.map((window) => [`${window.series} ${window.fromMs}`, window]));
    const results = { account: this.account, windows: [...latest.values()], rejected: this.#rejected };
    this.#windows = [];
    this.#rejected = [];
    return results;
  }

  /** Whether anything waits to be taken. */
  get hasResults(): boolean {
    return this.#windows.length > 0 || this.#rejected.length > 0;
  }
}
