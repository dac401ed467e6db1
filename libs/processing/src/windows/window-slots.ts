const STATS = 5;
const MIN = 0;
const MAX = 1;
const SUM = 2;
const COMPENSATION = 3;
const COUNT = 4;
const FIRST_SLOTS = 64;

/** The statistics of many windows as numbers in a row; a slot whose window is forgotten is taken by another. */
export class WindowSlots {
  #stats = new Float64Array(FIRST_SLOTS * STATS);
  /** −1 while the window was not written. */
  #revisions = new Int32Array(FIRST_SLOTS);
  #slots = 0;
  #free: number[] = [];

  /** Windows held. */
  get held(): number {
    return this.#slots - this.#free.length;
  }

  /** A slot for a window without values. */
  take(): number {
    const slot = this.#free.pop() ?? this.#slots++;
    if (slot >= this.#revisions.length) this.#grow();
    const at = slot * STATS;
    this.#stats[at + MIN] = Infinity;
    this.#stats[at + MAX] = -Infinity;
    this.#stats[at + SUM] = 0;
    this.#stats[at + COMPENSATION] = 0;
    this.#stats[at + COUNT] = 0;
    this.#revisions[slot] = -1;
    return slot;
  }

  /** Forgets the window of a slot. */
  release(slot: number): void {
    this.#free.push(slot);
  }

  /** Kahan–Neumaier: the sum agrees to the last bit with every engine that adds in the same order. */
  add(slot: number, value: number): void {
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

  isWritten(slot: number): boolean {
    return this.#revisions[slot]! >= 0;
  }

  /** Counts that the window is written. @returns 0 for the first time, one more for each after it */
  revise(slot: number): number {
    return ++this.#revisions[slot]!;
  }

  sampleCount(slot: number): number {
    return this.#stats[slot * STATS + COUNT]!;
  }

  /** What a row of the window says. */
  statistics(slot: number) {
    const stats = this.#stats;
    const at = slot * STATS;
    const sumValue = stats[at + SUM]! + stats[at + COMPENSATION]!;
    return {
      minValue: stats[at + MIN]!,
      maxValue: stats[at + MAX]!,
      // Absent when it is beyond double.
      ...(Number.isFinite(sumValue) && { sumValue }),
      sampleCount: stats[at + COUNT]!,
    };
  }

  /** All numbers of some slots, one after the other, for {@link restore}. */
  numbersOf(slots: readonly number[]): { readonly stats: Float64Array; readonly revisions: Int32Array } {
    const stats = new Float64Array(slots.length * STATS);
    slots.forEach((slot, at) => stats.set(this.#stats.subarray(slot * STATS, (slot + 1) * STATS), at * STATS));
    return { stats, revisions: Int32Array.from(slots, (slot) => this.#revisions[slot]!) };
  }

  /** Takes a slot for each window of {@link numbersOf}, in their order. */
  restore(stats: Float64Array, revisions: Int32Array): number[] {
    return Array.from(revisions, (revision, at) => {
      const slot = this.take();
      this.#stats.set(stats.subarray(at * STATS, (at + 1) * STATS), slot * STATS);
      this.#revisions[slot] = revision;
      return slot;
    });
  }

  #grow(): void {
    const stats = new Float64Array(this.#stats.length * 2);
    stats.set(this.#stats);
    this.#stats = stats;
    const revisions = new Int32Array(this.#revisions.length * 2);
    revisions.set(this.#revisions);
    this.#revisions = revisions;
  }
}
