import type { WindowSettings } from '@pulselake/data-model';
import type { EventOutcome, WindowResult } from '../../src/index.js';
import { SERIES, type TestEvent } from './window-events.js';

interface Accepted {
  readonly series: number;
  readonly fromMs: number;
  readonly value: number;
}

/** The windows of one streaming input, slowly: every result is computed anew from all events that were accepted. */
export class ReferenceWindows {
  readonly written: WindowResult[] = [];
  readonly accepted: Accepted[] = [];
  watermarkMs = -Infinity;
  readonly #settings: WindowSettings;
  readonly #ids = new Set<string>();
  #activeAtMs: number;
  /** The highest event time less the out-of-orderness: what the events alone make the watermark. */
  #ownMs = -Infinity;

  constructor(settings: WindowSettings, nowMs: number) {
    this.#settings = settings;
    this.#activeAtMs = nowMs;
  }

  get openEvents(): number {
    const last = new Map(this.written.map((window) => [keyOf(window), window.sampleCount]));
    return this.accepted.length - [...last.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Windows that still take events. */
  get heldWindows(): number {
    const windows = new Map(this.accepted.map((event) => [keyOf(event), event.fromMs]));
    return [...windows.values()].filter((fromMs) => !this.#isForgotten(fromMs)).length;
  }

  add({ series = 0, timestampMs, value = 1, id }: TestEvent, nowMs: number): EventOutcome {
    if (timestampMs > nowMs + this.#settings.maxFutureSkewSeconds * 1000) return 'future';
    const sizeMs = this.#settings.windowSizeSeconds * 1000;
    const fromMs = timestampMs - (((timestampMs % sizeMs) + sizeMs) % sizeMs);
    if (this.#isForgotten(fromMs)) return 'late';
    const idKey = JSON.stringify([series, fromMs, id]);
    const duplicate = id !== undefined && this.#ids.has(idKey);
    if (!duplicate) {
      this.#ids.add(idKey);
      this.accepted.push({ series, fromMs, value });
      if (this.#hasEnded(fromMs)) this.#write({ series, fromMs, value });
    }
    this.#activeAtMs = nowMs;
    this.#ownMs = Math.max(this.#ownMs, timestampMs - this.#settings.outOfOrdernessSeconds * 1000 - 1);
    this.#moveTo(this.#ownMs);
    return duplicate ? 'duplicate' : 'accepted';
  }

  tick(nowMs: number): void {
    const idleMs = nowMs - this.#activeAtMs;
    if (idleMs < this.#settings.idleTimeoutSeconds * 1000) return;
    const sizeMs = this.#settings.windowSizeSeconds * 1000;
    const highestMs = this.#ownMs + this.#settings.outOfOrdernessSeconds * 1000 + 1;
    const lastEndMs = (Math.floor(highestMs / sizeMs) + 1) * sizeMs;
    this.#moveTo(Math.min(this.#ownMs + idleMs, lastEndMs - 1));
  }

  finish(): void {
    this.#moveTo(Infinity);
  }

  #hasEnded(fromMs: number): boolean {
    return this.watermarkMs >= fromMs + this.#settings.windowSizeSeconds * 1000 - 1;
  }

  #isForgotten(fromMs: number): boolean {
    return this.#hasEnded(fromMs + this.#settings.allowedLatenessSeconds * 1000);
  }

  #moveTo(watermarkMs: number): void {
    this.watermarkMs = Math.max(this.watermarkMs, watermarkMs);
    const written = new Set(this.written.map(keyOf));
    const due = new Map(
      this.accepted
        .filter((event) => this.#hasEnded(event.fromMs) && !written.has(keyOf(event)))
        .map((event) => [keyOf(event), event]),
    );
    const name = (event: Accepted) => SERIES[event.series]!.join();
    for (const event of [...due.values()].sort((a, b) => a.fromMs - b.fromMs || (name(a) < name(b) ? -1 : 1))) {
      this.#write(event);
    }
  }

  #write(event: Accepted): void {
    const key = keyOf(event);
    const values = this.accepted.filter((other) => keyOf(other) === key).map(({ value }) => value);
    const sumValue = neumaierSum(values);
    this.written.push({
      series: event.series,
      fromMs: event.fromMs,
      toMs: event.fromMs + this.#settings.windowSizeSeconds * 1000,
      minValue: Math.min(...values) + 0,
      maxValue: Math.max(...values) + 0,
      ...(Number.isFinite(sumValue) && { sumValue }),
      sampleCount: values.length,
      revision: this.written.filter((window) => keyOf(window) === key).length,
    });
  }
}

function keyOf({ series, fromMs }: { readonly series: number; readonly fromMs: number }): string {
  return `${series} ${fromMs}`;
}

/** As in Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974). */
export function neumaierSum(values: readonly number[]): number {
  let sum = 0;
  let correction = 0;
  for (const value of values) {
    const next = sum + value;
    if (Math.abs(sum) >= Math.abs(value)) correction += sum - next + value;
    else correction += value - next + sum;
    sum = next;
  }
  return sum + correction;
}
