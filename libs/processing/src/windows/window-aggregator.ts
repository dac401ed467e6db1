import type { WindowSettings } from '@pulselake/data-model';
import type { ParsedMetricEvent } from '../events/metric-event-listener.js';
import { compareSeries, type SeriesTable } from '../events/series-table.js';
import { EventIdSet } from './event-id-set.js';
import { type HeldWindows, heldFromJson, heldToJson } from './held-windows.js';
import { InputWatermarks } from './input-watermarks.js';
import { watermarkFromJson, watermarkToJson, type WindowAggregatorState } from './window-aggregator-state.js';
import { WindowSlots } from './window-slots.js';

/** `bounded`: nothing is late, each window is written once at the end. `streaming`: watermark, lateness, corrections. */
export type WindowMode = 'bounded' | 'streaming';

/** A window as it is written. */
export interface WindowResult {
  /** Index in the series table. */
  readonly series: number;
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly toMs: number;
  readonly minValue: number;
  readonly maxValue: number;
  /** Compensated; absent when it is beyond double. */
  readonly sumValue?: number;
  readonly sampleCount: number;
  /** 0 for the first result of a window, one more for each correction. */
  readonly revision: number;
}

/** What became of an event. */
export type EventOutcome = 'accepted' | 'duplicate' | 'late' | 'future';

/** What a {@link WindowAggregator} is told. */
export interface WindowAggregatorOptions {
  readonly settings: WindowSettings;
  readonly mode: WindowMode;
  readonly series: SeriesTable;
  /** Takes each window when it is due: in order of end, then component, metric and unit. */
  readonly onWindow: (window: WindowResult) => void;
  /** Where an aggregator of the same settings and series stood, to go on from there. */
  readonly state?: WindowAggregatorState;
}

/**
 * Tumbling event-time windows per (component, metric, unit): min, max, count and a compensated sum.
 *
 * Memory is bounded by the windows held and the ids counted in them, not by the number of events.
 */
export class WindowAggregator {
  readonly #options: WindowAggregatorOptions;
  readonly #sizeMs: number;
  readonly #latenessMs: number;
  readonly #skewMs: number;
  readonly #streaming: boolean;
  readonly #held = new Map<number, HeldWindows>();
  readonly #inputs: InputWatermarks;
  readonly #windows = new WindowSlots();
  #watermarkMs = -Infinity;
  /** The least watermark at which a window has to be written or forgotten. */
  #dueMs = Infinity;
  /** Of each series, the window that its last event went into. */
  #lastTo = new Float64Array(64).fill(NaN);
  #lastSlot = new Int32Array(64);
  #lastHeld: (HeldWindows | undefined)[] = [];
  #openEvents = 0;
  #corrections = 0;

  constructor(options: WindowAggregatorOptions) {
    const { settings } = options;
    this.#options = options;
    this.#sizeMs = settings.windowSizeSeconds * 1000;
    this.#latenessMs = settings.allowedLatenessSeconds * 1000;
    this.#skewMs = settings.maxFutureSkewSeconds * 1000;
    this.#streaming = options.mode === 'streaming';
    this.#inputs = new InputWatermarks(
      settings.outOfOrdernessSeconds * 1000 + 1,
      settings.idleTimeoutSeconds * 1000,
      options.state?.inputs,
    );
    if (options.state) this.#restore(options.state);
  }

  /** Event time up to which everything is taken to have arrived; −Infinity before the first event. */
  get watermarkMs(): number {
    return this.#watermarkMs;
  }

  /** Accepted events in windows not yet written. */
  get openEvents(): number {
    return this.#openEvents;
  }

  /** Windows held: open, or written and still taking late events. */
  get heldWindows(): number {
    return this.#windows.held;
  }

  /** Windows written again so far. */
  get corrections(): number {
    return this.#corrections;
  }

  /** Everything it holds, for another aggregator to go on from. */
  state(): WindowAggregatorState {
    return {
      watermarkMs: watermarkToJson(this.#watermarkMs),
      openEvents: this.#openEvents,
      corrections: this.#corrections,
      inputs: this.#inputs.state(),
      held: [...this.#held.values()].map((held) => heldToJson(held, this.#windows)),
    };
  }

  /** The series of the windows held. */
  heldSeries(): Set<number> {
    return new Set([...this.#held.values()].flatMap(({ slots }) => [...slots.keys()]));
  }

  /** Adds an input (a file, a shard), active from `nowMs` on. The watermark is the least of the inputs that are not idle. */
  openInput(nowMs: number): number {
    return this.#inputs.open(nowMs);
  }

  /** The inputs that hold the watermark back at `nowMs`. */
  activeInputs(nowMs: number): number[] {
    return this.#inputs.activeAt(nowMs);
  }

  /** Lets an input hold the watermark back from `nowMs` on, as an event of it would. */
  wake(input: number, nowMs: number): void {
    this.#inputs.wake(input, nowMs);
  }

  /** The exclusive end of the window that an instant lies in, in milliseconds since the epoch. */
  windowEnd(timestampMs: number): number {
    return (Math.floor(timestampMs / this.#sizeMs) + 1) * this.#sizeMs;
  }

  /** Counts an event into its window, or says why not. `nowMs` is the clock that `future` is judged by. */
  add(input: number, event: ParsedMetricEvent, nowMs: number): EventOutcome {
    const { timestampMs, series, value } = event;
    if (timestampMs > nowMs + this.#skewMs) return 'future';
    const toMs = this.windowEnd(timestampMs);
    if (this.#streaming && toMs - 1 + this.#latenessMs <= this.#watermarkMs) return 'late';
    const held = this.#hold(series, toMs);
    if (event.hasId) {
      held.ids ??= new EventIdSet();
      if (!held.ids.add(series, event.idHash)) {
        this.#observe(input, timestampMs, nowMs);
        return 'duplicate';
      }
    }
    const slot = this.#slotOf(held, series);
    this.#windows.add(slot, value);
    if (this.#windows.isWritten(slot) || toMs - 1 <= this.#watermarkMs) this.#write(held, series, slot);
    else this.#openEvents++;
    this.#observe(input, timestampMs, nowMs);
    return 'accepted';
  }

  /**
   * Lets processing time pass: idle inputs stop holding event time back. When all are silent, event time goes on until
   * the last window that has an event is due, and no further: what comes after a pause must not be late without need.
   */
  advanceClock(nowMs: number): void {
    if (this.#streaming) this.#advance(this.#inputs.at(nowMs, (latestMs) => this.windowEnd(latestMs)));
  }

  /** Ends all inputs and writes every window not yet written. */
  finish(): void {
    this.#advance(Infinity);
  }

  #observe(input: number, timestampMs: number, nowMs: number): void {
    if (this.#streaming) this.#advance(this.#inputs.observe(input, timestampMs, nowMs));
  }

  #advance(watermarkMs: number): void {
    if (watermarkMs <= this.#watermarkMs) return;
    this.#watermarkMs = watermarkMs;
    if (watermarkMs < this.#dueMs) return;
    this.#dueMs = Infinity;
    const ends = [...this.#held.keys()].sort((a, b) => a - b);
    for (const toMs of ends) {
      const held = this.#held.get(toMs)!;
      const lastInstant = toMs - 1;
      if (!held.written && lastInstant <= watermarkMs) this.#writeAll(held);
      if (lastInstant + this.#latenessMs <= watermarkMs) this.#forget(held);
      else this.#due(held);
    }
  }

  #due(held: HeldWindows): void {
    const lastInstant = held.toMs - 1;
    this.#dueMs = Math.min(this.#dueMs, held.written ? lastInstant + this.#latenessMs : lastInstant);
  }

  #hold(series: number, toMs: number): HeldWindows {
    if (series >= this.#lastTo.length) this.#growSeries(series);
    if (this.#lastTo[series] === toMs) return this.#lastHeld[series]!;
    let held = this.#held.get(toMs);
    if (!held) {
      held = { toMs, slots: new Map(), ids: undefined, written: toMs - 1 <= this.#watermarkMs };
      this.#held.set(toMs, held);
      this.#due(held);
    }
    return held;
  }

  #slotOf(held: HeldWindows, series: number): number {
    if (this.#lastTo[series] === held.toMs) return this.#lastSlot[series]!;
    let slot = held.slots.get(series);
    if (slot === undefined) {
      slot = this.#windows.take();
      held.slots.set(series, slot);
    }
    this.#lastTo[series] = held.toMs;
    this.#lastSlot[series] = slot;
    this.#lastHeld[series] = held;
    return slot;
  }

  #write(held: HeldWindows, series: number, slot: number): void {
    const revision = this.#windows.revise(slot);
    if (revision > 0) this.#corrections++;
    this.#options.onWindow({
      series,
      fromMs: held.toMs - this.#sizeMs,
      toMs: held.toMs,
      ...this.#windows.statistics(slot),
      revision,
    });
  }

  #writeAll(held: HeldWindows): void {
    held.written = true;
    const { series } = this.#options;
    const due = [...held.slots].sort(([a], [b]) => compareSeries(series.get(a), series.get(b)));
    for (const [index, slot] of due) {
      if (this.#windows.isWritten(slot)) continue;
      this.#openEvents -= this.#windows.sampleCount(slot);
      this.#write(held, index, slot);
    }
  }

  #forget(held: HeldWindows): void {
    this.#held.delete(held.toMs);
    for (const [series, slot] of held.slots) {
      this.#windows.release(slot);
      if (this.#lastTo[series] === held.toMs) {
        this.#lastTo[series] = NaN;
        this.#lastHeld[series] = undefined;
      }
    }
  }

  #restore(state: WindowAggregatorState): void {
    this.#watermarkMs = watermarkFromJson(state.watermarkMs);
    this.#openEvents = state.openEvents;
    this.#corrections = state.corrections;
    for (const windows of state.held) {
      const held = heldFromJson(windows, this.#windows);
      this.#held.set(held.toMs, held);
      this.#due(held);
    }
  }

  #growSeries(series: number): void {
    const capacity = Math.max(series + 1, this.#lastTo.length * 2);
    const lastTo = new Float64Array(capacity).fill(NaN);
    lastTo.set(this.#lastTo);
    this.#lastTo = lastTo;
    const lastSlot = new Int32Array(capacity);
    lastSlot.set(this.#lastSlot);
    this.#lastSlot = lastSlot;
  }
}
