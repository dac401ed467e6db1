/** How fast events are sent. */
export type PaceOptions =
  | { readonly kind: 'fast' }
  /** At most so many events a second, above 0. */
  | { readonly kind: 'rate'; readonly eventsPerSecond: number }
  /** As far from each other as their timestamps are. */
  | { readonly kind: 'realtime' };

/** Says how long to wait before an event. */
export class Pace {
  #events = 0;
  #startMs: number | undefined;
  #firstMs = 0;

  constructor(private readonly options: PaceOptions) {}

  /** Milliseconds to wait before the next event; 0 or less: none. */
  waitMs(timestampMs: number, nowMs: number): number {
    const { options } = this;
    if (options.kind === 'fast') return 0;
    if (this.#startMs === undefined) {
      this.#startMs = nowMs;
      this.#firstMs = timestampMs;
    }
    const afterMs =
      options.kind === 'rate' ? (this.#events++ * 1000) / options.eventsPerSecond : timestampMs - this.#firstMs;
    return this.#startMs + afterMs - nowMs;
  }
}
