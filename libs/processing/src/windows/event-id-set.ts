import type { EventIdHash } from '../events/event-id-hash.js';

const WORDS = 4;

/** The ids one window has counted, as 128-bit hashes: 16 bytes each at a load of up to three quarters. */
export class EventIdSet {
  #words = new Int32Array(16 * WORDS);
  #size = 0;

  /** A set with these {@link words}. */
  static from(words: Int32Array): EventIdSet {
    const set = new EventIdSet();
    for (let at = 0; at < words.length; at += WORDS) {
      set.#room();
      set.#place(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
    }
    return set;
  }

  get size(): number {
    return this.#size;
  }

  /** What is in the set, four words an id. */
  words(): Int32Array {
    const words = new Int32Array(this.#size * WORDS);
    let to = 0;
    for (let at = 0; at < this.#words.length; at += WORDS) {
      if (this.#words[at + 3] === 0) continue;
      words.set(this.#words.subarray(at, at + WORDS), to);
      to += WORDS;
    }
    return words;
  }

  /** Adds an id of a series. @returns false when it was there already */
  add(series: number, hash: EventIdHash): boolean {
    this.#room();
    // The series is part of the key; the last word is never 0, so that a slot of zeros is free.
    const h0 = hash.h0 ^ Math.imul(series + 1, 0x9e3779b1);
    const h1 = hash.h1 ^ Math.imul(series + 1, 0x85ebca77);
    return this.#place(h0, h1, hash.h2, hash.h3 | 1);
  }

  #place(h0: number, h1: number, h2: number, h3: number): boolean {
    if (!place(this.#words, h0, h1, h2, h3)) return false;
    this.#size++;
    return true;
  }

  #room(): void {
    if ((this.#size + 1) * 4 <= (this.#words.length / WORDS) * 3) return;
    const old = this.#words;
    this.#words = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 3] !== 0) place(this.#words, old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
    }
  }
}

function place(words: Int32Array, h0: number, h1: number, h2: number, h3: number): boolean {
  const mask = words.length / WORDS - 1;
  for (let slot = h0 & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS;
    if (words[at + 3] === 0) {
      words[at] = h0;
      words[at + 1] = h1;
      words[at + 2] = h2;
      words[at + 3] = h3;
      return true;
    }
    if (words[at] === h0 && words[at + 1] === h1 && words[at + 2] === h2 && words[at + 3] === h3) return false;
  }
}
