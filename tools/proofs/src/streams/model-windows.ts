import type { WindowSettings } from '@pulselake/data-model';

/** An event of a stream. */
export interface StreamEvent {
  readonly series: string;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly value: number;
  readonly id?: string;
}

export type ModelOutcome = 'accepted' | 'duplicate' | 'late' | 'future';

/** A window at one of its revisions. */
export interface ModelWindow {
  readonly minValue: number;
  readonly maxValue: number;
  /** Added exactly, rounded once; infinite beyond double. */
  readonly sumValue: number;
  readonly sampleCount: number;
}

interface Shard {
  /** Highest valid timestamp; −Infinity before the first. */
  highestMs: number;
  activeAtMs: number;
}

/**
 * The windows of a stream by the words of the rules, and as slow as that: every event is kept, and every window is
 * computed from all of them each time that it is written.
 */
export class ModelWindows {
  /** What was written, by window: one entry per revision. */
  readonly written = new Map<string, ModelWindow[]>();
  readonly #settings: WindowSettings;
  readonly #shards: Shard[];
  readonly #kept: StreamEvent[] = [];
  #watermarkMs = -Infinity;

  constructor(settings: WindowSettings, shards: number, nowMs: number) {
    this.#settings = settings;
    this.#shards = Array.from({ length: shards }, () => ({ highestMs: -Infinity, activeAtMs: nowMs }));
  }

  /** Key of a window. */
  static key(series: string, fromMs: number): string {
    return `${fromMs} ${series}`;
  }

  add(shard: number, event: StreamEvent, nowMs: number): ModelOutcome {
    // One bad clock must not make everybody else late: judged before anything moves.
    if (event.timestampMs > nowMs + this.#settings.maxFutureSkewSeconds * 1000) return 'future';
    const fromMs = this.#fromOf(event);
    if (this.#endOf(fromMs) - 1 + this.#settings.allowedLatenessSeconds * 1000 <= this.#watermarkMs) return 'late';
    const isRepeated =
      event.id !== undefined &&
      this.#kept.some((kept) => kept.series === event.series && kept.id === event.id && this.#fromOf(kept) === fromMs);
    if (!isRepeated) {
      this.#kept.push(event);
      // A window that had been written is written again, whole.
      if (this.#isOver(fromMs)) this.#write(event.series, fromMs);
    }
    const from = this.#shards[shard]!;
    from.activeAtMs = nowMs;
    if (event.timestampMs > from.highestMs) {
      from.highestMs = event.timestampMs;
      this.#moveTo(this.#leastOfActive(nowMs));
    }
    return isRepeated ? 'duplicate' : 'accepted';
  }

  /** Lets processing time pass. */
  pass(nowMs: number): void {
    const active = this.#shards.filter((shard) => this.#isActive(shard, nowMs));
    if (active.length > 0) {
      this.#moveTo(this.#leastOfActive(nowMs));
      return;
    }
    // All are silent: event time goes on as the clock does, until the last window that has an event is over.
    const last = this.#shards.reduce((a, b) => (a.highestMs > b.highestMs ? a : b));
    const silentMs = nowMs - Math.max(...this.#shards.map(({ activeAtMs }) => activeAtMs));
    const sizeMs = this.#settings.windowSizeSeconds * 1000;
    const lastEndMs = Math.floor(last.highestMs / sizeMs) * sizeMs + sizeMs;
    this.#moveTo(Math.min(this.#watermarkOf(last) + silentMs, lastEndMs - 1));
  }

  /** Ends the stream. */
  end(): void {
    this.#moveTo(Infinity);
  }

  /** Accepted events in windows that were not written yet. */
  get open(): number {
    const isWritten = (event: StreamEvent) => this.written.has(ModelWindows.key(event.series, this.#fromOf(event)));
    return this.#kept.filter((event) => !isWritten(event)).length;
  }

  #leastOfActive(nowMs: number): number {
    const active = this.#shards.filter((shard) => this.#isActive(shard, nowMs));
    return Math.min(...active.map((shard) => this.#watermarkOf(shard)));
  }

  #isActive({ activeAtMs }: Shard, nowMs: number): boolean {
    return nowMs - activeAtMs < this.#settings.idleTimeoutSeconds * 1000;
  }

  #watermarkOf({ highestMs }: Shard): number {
    return highestMs - this.#settings.outOfOrdernessSeconds * 1000 - 1;
  }

  #fromOf({ timestampMs }: StreamEvent): number {
    const sizeMs = this.#settings.windowSizeSeconds * 1000;
    return Math.floor(timestampMs / sizeMs) * sizeMs;
  }

  #endOf(fromMs: number): number {
    return fromMs + this.#settings.windowSizeSeconds * 1000;
  }

  #isOver(fromMs: number): boolean {
    return this.#watermarkMs >= this.#endOf(fromMs) - 1;
  }

  /** The watermark never falls; every window that is over now is written, once. */
  #moveTo(watermarkMs: number): void {
    if (!(watermarkMs > this.#watermarkMs)) return;
    this.#watermarkMs = watermarkMs;
    for (const event of this.#kept) {
      const fromMs = this.#fromOf(event);
      if (this.#isOver(fromMs) && !this.written.has(ModelWindows.key(event.series, fromMs))) {
        this.#write(event.series, fromMs);
      }
    }
  }

  #write(series: string, fromMs: number): void {
    const values = this.#kept
      .filter((event) => event.series === series && this.#fromOf(event) === fromMs)
      .map(({ value }) => value);
    const key = ModelWindows.key(series, fromMs);
    const revision = {
      minValue: Math.min(...values),
      maxValue: Math.max(...values),
      sumValue: exactSum(values),
      sampleCount: values.length,
    };
    this.written.set(key, [...(this.written.get(key) ?? []), revision]);
  }
}

/** The sum rounded once: partial sums that hold every bit (Shewchuk 1997), added at the end. */
function exactSum(values: readonly number[]): number {
  let partials: number[] = [];
  for (const value of values) {
    let carry = value;
    const next: number[] = [];
    for (const partial of partials) {
      const [large, small] = Math.abs(carry) < Math.abs(partial) ? [partial, carry] : [carry, partial];
      const sum = large + small;
      const rest = small - (sum - large);
      if (rest !== 0) next.push(rest);
      carry = sum;
    }
    partials = [...next, carry];
  }
  return partials.reduceRight((sum, partial) => sum + partial, 0);
}

/** Whether a sum is the exact one, within what the order of adding may change. */
export function isSum(sumValue: number | undefined, { sumValue: exact, sampleCount, minValue, maxValue }: ModelWindow) {
  if (sumValue === undefined) return !Number.isFinite(exact);
  const scale = Math.max(Math.abs(exact), sampleCount * Math.max(Math.abs(minValue), Math.abs(maxValue)));
  return Math.abs(sumValue - exact) <= 1e-9 * scale;
}
