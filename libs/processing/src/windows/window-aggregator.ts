import { compareText, type WindowSettings } from '@pulselake/data-model';
import type { ParsedMetricEvent } from '../events/metric-event-listener.js';
import { base64OfNumbers, float64FromBase64, int32FromBase64 } from '../bytes/base64-numbers.js';
import type { SeriesTable } from '../events/series-table.js';
import { EventIdSet } from './event-id-set.js';
import {
  type HeldWindowsState,
  watermarkFromJson,
  watermarkToJson,
  type WindowAggregatorState,
} from './window-aggregator-state.js';

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

/** The windows of one end that are still held: they are due together. */
interface HeldWindows {
  readonly toMs: number;
  readonly slots: Map<number, number>;
  ids: EventIdSet | undefined;
  written: boolean;
}

interface InputState {
  /** Highest event time − out-of-orderness − 1. */
  watermarkMs: number;
  /** When the last valid event came. */
  activeAtMs: number;
}

const STATS = 5;
const MIN = 0;
const MAX = 1;
const SUM = 2;
const COMPENSATION = 3;
const COUNT = 4;

/**
 * Tumbling event-time windows per (component, metric, unit): min, max, count and a compensated sum.
 *
 * Memory is bounded by the windows held and the ids counted in them, not by the number of events.
 */
export class WindowAggregator {
  readonly #options: WindowAggregatorOptions;
  readonly #sizeMs: number;
  readonly #lagMs: number;
  readonly #latenessMs: number;
  readonly #idleMs: number;
  readonly #skewMs: number;
  readonly #streaming: boolean;
  readonly #held = new Map<number, HeldWindows>();
  readonly #inputs: InputState[] = [];
  #watermarkMs = -Infinity;
  /** The least watermark at which a window has to be written or forgotten. */
  #dueMs = Infinity;
  #stats = new Float64Array(64 * STATS);
  #revisions = new Int32Array(64);
  #slots = 0;
  #freeSlots: number[] = [];
  #lastTo = new Float64Array(64).fill(NaN);
  #lastSlot = new Int32Array(64);
  #lastHeld: (HeldWindows | undefined)[] = [];
  #openEvents = 0;
  #corrections = 0;

  constructor(options: WindowAggregatorOptions) {
    const { settings } = options;
    this.#options = options;
    this.#sizeMs = settings.windowSizeSeconds * 1000;
    this.#lagMs = settings.outOfOrdernessSeconds * 1000 + 1;
    this.#latenessMs = settings.allowedLatenessSeconds * 1000;
    this.#idleMs = settings.idleTimeoutSeconds * 1000;
    this.#skewMs = settings.maxFutureSkewSeconds * 1000;
    this.#streaming = options.mode === 'streaming';
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
    return this.#slots - this.#freeSlots.length;
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
      inputs: this.#inputs.map(({ watermarkMs, activeAtMs }) => ({
        watermarkMs: watermarkToJson(watermarkMs),
        activeAtMs,
      })),
      held: [...this.#held.values()].map((held) => this.#heldState(held)),
    };
  }

  /** The series of the windows held. */
  heldSeries(): Set<number> {
    return new Set([...this.#held.values()].flatMap(({ slots }) => [...slots.keys()]));
  }

  /** Adds an input (a file, a shard), active from `nowMs` on. The watermark is the least of the inputs that are not idle. */
  openInput(nowMs: number): number {
    this.#inputs.push({ watermarkMs: -Infinity, activeAtMs: nowMs });
    return this.#inputs.length - 1;
  }

  /** The inputs that hold the watermark back at `nowMs`. */
  activeInputs(nowMs: number): number[] {
    return [...this.#inputs.keys()].filter((input) => nowMs - this.#inputs[input]!.activeAtMs < this.#idleMs);
  }

  /** Lets an input hold the watermark back from `nowMs` on, as an event of it would. */
  wake(input: number, nowMs: number): void {
    this.#inputs[input]!.activeAtMs = nowMs;
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
    this.#addValue(slot, value);
    if (this.#revisions[slot]! >= 0 || toMs - 1 <= this.#watermarkMs) this.#write(held, series, slot, 0);
    else this.#openEvents++;
    this.#observe(input, timestampMs, nowMs);
    return 'accepted';
  }

  /**
   * Lets processing time pass: idle inputs stop holding event time back. When all are silent, event time goes on until
   * the last window that has an event is due, and no further: what comes after a pause must not be late without need.
   */
  advanceClock(nowMs: number): void {
    if (!this.#streaming || this.#inputs.length === 0) return;
    let highest = -Infinity;
    let activeAtMs = -Infinity;
    let least = Infinity;
    for (const input of this.#inputs) {
      highest = Math.max(highest, input.watermarkMs);
      activeAtMs = Math.max(activeAtMs, input.activeAtMs);
      if (nowMs - input.activeAtMs < this.#idleMs) least = Math.min(least, input.watermarkMs);
    }
    if (least !== Infinity) this.#advance(least);
    else this.#advance(Math.min(highest + (nowMs - activeAtMs), this.windowEnd(highest + this.#lagMs) - 1));
  }

  /** Ends all inputs and writes every window not yet written. */
  finish(): void {
    this.#advance(Infinity);
  }

  #observe(input: number, timestampMs: number, nowMs: number): void {
    if (!this.#streaming) return;
    const state = this.#inputs[input]!;
    state.activeAtMs = nowMs;
    const watermarkMs = timestampMs - this.#lagMs;
    if (watermarkMs <= state.watermarkMs) return;
    state.watermarkMs = watermarkMs;
    let least = watermarkMs;
    for (const other of this.#inputs) {
      if (other.watermarkMs < least && nowMs - other.activeAtMs < this.#idleMs) least = other.watermarkMs;
    }
    this.#advance(least);
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
      slot = this.#freeSlots.pop() ?? this.#slots++;
      if (slot >= this.#revisions.length) this.#growSlots();
      held.slots.set(series, slot);
      const at = slot * STATS;
      this.#stats[at + MIN] = Infinity;
      this.#stats[at + MAX] = -Infinity;
      this.#stats[at + SUM] = 0;
      this.#stats[at + COMPENSATION] = 0;
      this.#stats[at + COUNT] = 0;
      this.#revisions[slot] = -1;
    }
    this.#lastTo[series] = held.toMs;
    this.#lastSlot[series] = slot;
    this.#lastHeld[series] = held;
    return slot;
  }

  /** Kahan–Neumaier: the sum agrees to the last bit with every engine that adds in the same order. */
  #addValue(slot: number, value: number): void {
    const stats = this.#stats;
    const at = slot * STATS;
    // −0 and 0 are one value: which of the two came first must not show.
    const plain = value + 0;
    if (plain < stats[at + MIN]!) stats[at + MIN] = plain;
    if (plain > stats[at + MAX]!) stats[at + MAX] = plain;
    const sum = stats[at + SUM]!;
    const next = sum + plain;
    stats[at + COMPENSATION]! += Math.abs(sum) >= Math.abs(plain) ? sum - next + plain : plain - next + sum;
    stats[at + SUM] = next;
    stats[at + COUNT]!++;
  }

  /** @param openEvents how many of the window's events were counted as open */
  #write(held: HeldWindows, series: number, slot: number, openEvents: number): void {
    const at = slot * STATS;
    const stats = this.#stats;
    const revision = ++this.#revisions[slot]!;
    if (revision > 0) this.#corrections++;
    this.#openEvents -= openEvents;
    const sumValue = stats[at + SUM]! + stats[at + COMPENSATION]!;
    this.#options.onWindow({
      series,
      fromMs: held.toMs - this.#sizeMs,
      toMs: held.toMs,
      minValue: stats[at + MIN]!,
      maxValue: stats[at + MAX]!,
      ...(Number.isFinite(sumValue) && { sumValue }),
      sampleCount: stats[at + COUNT]!,
      revision,
    });
  }

  #writeAll(held: HeldWindows): void {
    held.written = true;
    const { series } = this.#options;
    const due = [...held.slots].sort(([a], [b]) => compareSeries(series, a, b));
    for (const [index, slot] of due) {
      if (this.#revisions[slot]! < 0) this.#write(held, index, slot, this.#stats[slot * STATS + COUNT]!);
    }
  }

  #forget(held: HeldWindows): void {
    this.#held.delete(held.toMs);
    for (const [series, slot] of held.slots) {
      this.#freeSlots.push(slot);
      if (this.#lastTo[series] === held.toMs) {
        this.#lastTo[series] = NaN;
        this.#lastHeld[series] = undefined;
      }
    }
  }

  #heldState({ toMs, written, slots, ids }: HeldWindows): HeldWindowsState {
    const stats = new Float64Array(slots.size * STATS);
    [...slots.values()].forEach((slot, at) => {
      stats.set(this.#stats.subarray(slot * STATS, (slot + 1) * STATS), at * STATS);
    });
    return {
      toMs,
      written,
      series: base64OfNumbers(Int32Array.from(slots.keys())),
      stats: base64OfNumbers(stats),
      revisions: base64OfNumbers(Int32Array.from(slots.values(), (slot) => this.#revisions[slot]!)),
      ...(ids && { ids: base64OfNumbers(ids.words()) }),
    };
  }

  #restore(state: WindowAggregatorState): void {
    this.#watermarkMs = watermarkFromJson(state.watermarkMs);
    this.#openEvents = state.openEvents;
    this.#corrections = state.corrections;
    for (const { watermarkMs, activeAtMs } of state.inputs) {
      this.#inputs.push({ watermarkMs: watermarkFromJson(watermarkMs), activeAtMs });
    }
    for (const { toMs, written, series, stats, revisions, ids } of state.held) {
      const held: HeldWindows = {
        toMs,
        written,
        slots: new Map(),
        ids: ids === undefined ? undefined : EventIdSet.from(int32FromBase64(ids)),
      };
      this.#held.set(toMs, held);
      this.#due(held);
      const values = float64FromBase64(stats);
      const versions = int32FromBase64(revisions);
      int32FromBase64(series).forEach((index, at) => {
        const slot = this.#slots++;
        if (slot >= this.#revisions.length) this.#growSlots();
        held.slots.set(index, slot);
        this.#stats.set(values.subarray(at * STATS, (at + 1) * STATS), slot * STATS);
        this.#revisions[slot] = versions[at]!;
      });
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

  #growSlots(): void {
    const stats = new Float64Array(this.#stats.length * 2);
    stats.set(this.#stats);
    this.#stats = stats;
    const revisions = new Int32Array(this.#revisions.length * 2);
    revisions.set(this.#revisions);
    this.#revisions = revisions;
  }
}

function compareSeries(table: SeriesTable, a: number, b: number): number {
  const left = table.get(a);
  const right = table.get(b);
  return (
    compareText(left.componentName, right.componentName) ||
    compareText(left.metricName, right.metricName) ||
    compareText(left.unit, right.unit)
  );
}
