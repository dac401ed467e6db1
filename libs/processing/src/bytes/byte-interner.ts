import { hashBytes } from './hash-bytes.js';

/** Gives each distinct byte string a small index, without making a JavaScript string for one seen before. */
export class ByteInterner {
  readonly #strings: string[] = [];
  readonly #keys: Buffer[] = [];
  #table = new Int32Array(64).fill(-1);
  #hashes = new Int32Array(32);

  get size(): number {
    return this.#strings.length;
  }

  /** The text with this index. */
  text(index: number): string {
    return this.#strings[index]!;
  }

  /** The index of `bytes[start, end)`, a new one when it was never seen. */
  intern(bytes: Buffer, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end);
    const mask = this.#table.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const index = this.#table[slot]!;
      if (index < 0) return this.#add(bytes, start, end, hash);
      if (this.#hashes[index] === hash && equals(this.#keys[index]!, bytes, start, end)) return index;
    }
  }

  #add(bytes: Buffer, start: number, end: number, hash: number): number {
    const index = this.#strings.length;
    const key = Buffer.from(bytes.subarray(start, end));
    this.#keys.push(key);
    this.#strings.push(key.toString('utf8'));
    if (index >= this.#hashes.length) {
      const hashes = new Int32Array(this.#hashes.length * 2);
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    this.#hashes[index] = hash;
    if (this.#strings.length * 2 > this.#table.length) this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    else {
      this.#place(index);
      return index;
    }
    for (let known = 0; known <= index; known++) this.#place(known);
    return index;
  }

  #place(index: number): void {
    const hash = this.#hashes[index]!;
    const mask = this.#table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#table[slot]! >= 0) slot = (slot + 1) & mask;
    this.#table[slot] = index;
  }
}

function equals(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false;
  return true;
}
