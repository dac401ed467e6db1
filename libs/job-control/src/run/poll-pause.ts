const FIRST_MS = 5_000;
const LONGEST_MS = 30_000;

/** Pauses between looks: 5 s, half as much again each time up to 30 s, and from the beginning after a change. */
export class PollPause {
  #nextMs = FIRST_MS;

  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  take(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, ms * 1.5);
    return ms;
  }
}
