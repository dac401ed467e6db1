import type { WindowSettings } from '@pulselake/data-model';
import {
  type LineReaderState,
  MetricEventParser,
  rejectedEvent,
  type RejectedLine,
  type Series,
  SeriesTable,
  WindowAggregator,
  type WindowAggregatorState,
  type WindowResult,
} from '@pulselake/processing';
import type { StreamBatch } from './stream-batch.js';
import type { StreamSource } from './stream-source.js';

/** The name of the input that lines come from. */
const LINES = '';

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

/** How far a Kinesis stream was read. */
export interface StreamPosition extends StreamSource {
  readonly positions: Readonly<Record<string, string>>;
}

/** What a stream has to write. */
export interface StreamResults {
  readonly account: StreamAccount;
  /** The series that the windows name. */
  readonly series: SeriesTable;
  /** Windows due, each in its last revision. */
  readonly windows: readonly WindowResult[];
  readonly rejected: readonly RejectedLine[];
  /** Absent when it is no Kinesis stream. */
  readonly stream?: StreamPosition;
}

/** Everything a stream holds between two steps, as JSON. */
export interface StreamState {
  readonly nowMs: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly reader: LineReaderState;
  readonly aggregator: WindowAggregatorState;
  /** Those that something below names. */
  readonly series: readonly (readonly [index: number, series: Series])[];
  /** The aggregator's input of each shard; the one of lines has no name. Absent: there is only that. */
  readonly inputs?: readonly (readonly [shardId: string, input: number])[];
  readonly stream?: StreamPosition;
  /** What waits to be taken. */
  readonly windows: readonly WindowResult[];
  readonly rejected: readonly RejectedLine[];
}

/** What became of the lines of one batch. */
export interface BatchOutcome {
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  /** With their lines counted from the start of the batch. */
  readonly rejected: readonly RejectedLine[];
  /** Lines that ended in the batch, empty ones too. */
  readonly lines: number;
}

/**
 * The windows of one stream in memory: batches and clock steps in, windows and rejected records out.
 *
 * The same steps give the same results, so a replayed journal ends where the stream ended; and one made from the
 * {@link state} of another goes on as that one would.
 */
export class StreamWindows {
  readonly #series: SeriesTable;
  readonly #aggregator: WindowAggregator;
  readonly #parser: MetricEventParser;
  /** By shard; lines have no shard's name. */
  readonly #inputs: Map<string, number>;
  #stream: StreamPosition | undefined;
  /** Of the record or the line at hand. */
  #input = 0;
  #sequenceNumber: string | undefined;
  #accepted: number;
  #duplicate: number;
  #nowMs: number;
  #windows: WindowResult[];
  #rejected: RejectedLine[];

  private constructor(settings: WindowSettings, startedAtMs: number, state?: StreamState) {
    this.#nowMs = state?.nowMs ?? startedAtMs;
    this.#accepted = state?.accepted ?? 0;
    this.#duplicate = state?.duplicate ?? 0;
    this.#windows = [...(state?.windows ?? [])];
    this.#rejected = [...(state?.rejected ?? [])];
    this.#series = SeriesTable.from(state?.series ?? []);
    this.#aggregator = new WindowAggregator({
      settings,
      mode: 'streaming',
      series: this.#series,
      onWindow: (window) => this.#windows.push(window),
      ...(state && { state: state.aggregator }),
    });
    this.#inputs = new Map(state ? (state.inputs ?? [[LINES, 0]]) : []);
    this.#stream = state?.stream;
    this.#parser = new MetricEventParser({
      series: this.#series,
      onRejected: (line) => this.#reject(line),
      onEvent: (event) => {
        const outcome = this.#aggregator.add(this.#input, event, this.#nowMs);
        if (outcome === 'accepted') this.#accepted++;
        else if (outcome === 'duplicate') this.#duplicate++;
        else this.#reject(rejectedEvent(outcome, event, this.#series));
      },
      ...(state && { state: state.reader }),
    });
  }

  static start(settings: WindowSettings, startedAtMs: number): StreamWindows {
    return new StreamWindows(settings, startedAtMs);
  }

  /** Goes on from a state that was taken with the same settings. */
  static resume(settings: WindowSettings, state: StreamState): StreamWindows {
    return new StreamWindows(settings, state.nowMs, state);
  }

  /** The Kinesis stream that it is of, if any. */
  get stream(): StreamPosition | undefined {
    return this.#stream;
  }

  /** Goes on after a pause of the reader: shards that were not silent before it are waited for anew. */
  wake(atMs: number): void {
    for (const input of this.#aggregator.activeInputs(this.#nowMs)) this.#aggregator.wake(input, atMs);
    this.#nowMs = atMs;
  }

  /** Everything it holds. Series that nothing names any more are left behind. */
  state(): StreamState {
    const named = this.#aggregator.heldSeries();
    for (const { series } of this.#windows) named.add(series);
    return {
      nowMs: this.#nowMs,
      accepted: this.#accepted,
      duplicate: this.#duplicate,
      reader: this.#parser.state(),
      aggregator: this.#aggregator.state(),
      series: [...named].map((index) => [index, this.#series.get(index)]),
      windows: [...this.#windows],
      rejected: [...this.#rejected],
      inputs: [...this.#inputs],
      ...(this.#stream && { stream: this.#stream }),
    };
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
  push(bytes: Uint8Array, atMs: number): BatchOutcome {
    this.#enter(LINES, atMs);
    const { lines, records } = this.#parser;
    const [accepted, duplicate, rejected] = [this.#accepted, this.#duplicate, this.#rejected.length];
    this.#parser.push(bytes);
    return {
      read: this.#parser.records - records,
      accepted: this.#accepted - accepted,
      duplicate: this.#duplicate - duplicate,
      rejected: this.#rejected.slice(rejected).map((record) => ({ ...record, line: record.line - lines })),
      lines: this.#parser.lines - lines,
    };
  }

  /** Takes what was read of a shard. A shard holds the watermark back from its first batch on, be it empty. */
  pushBatch({ source, shardId, records, position }: StreamBatch, atMs: number): void {
    this.#enter(shardId, atMs);
    this.#stream = { ...source, positions: { ...this.#stream?.positions, [shardId]: position } };
    for (const { sequenceNumber, data } of records) {
      this.#sequenceNumber = sequenceNumber;
      this.#parser.pushRecord(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    }
    this.#sequenceNumber = undefined;
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
    const results = {
      account: this.account,
      series: this.#series,
      windows: [...latest.values()],
      rejected: this.#rejected,
      ...(this.#stream && { stream: this.#stream }),
    };
    this.#windows = [];
    this.#rejected = [];
    return results;
  }

  #enter(shardId: string, atMs: number): void {
    this.#nowMs = atMs;
    let input = this.#inputs.get(shardId);
    if (input === undefined) this.#inputs.set(shardId, (input = this.#aggregator.openInput(atMs)));
    this.#input = input;
  }

  #reject(line: RejectedLine): void {
    const sequenceNumber = this.#sequenceNumber;
    this.#rejected.push(sequenceNumber === undefined ? line : { ...line, line: 0, sequenceNumber });
  }

  /** Windows and rejected records that wait to be taken. */
  get pendingResults(): number {
    return this.#windows.length + this.#rejected.length;
  }

  /** Whether a window waits that was not written before. */
  get hasNewWindows(): boolean {
    return this.#windows.some(({ revision }) => revision === 0);
  }
}
