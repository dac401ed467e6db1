/** A 128-bit hash of an event id as four 32-bit words. One object is reused: valid until the next hash. */
export interface EventIdHash {
  h0: number;
  h1: number;
  h2: number;
  h3: number;
}

const C0 = 0x239b961b;
const C1 = 0xab0e9789;
const C2 = 0x38b34ae5;
const C3 = 0xa1e38b93;

/**
 * Hashes `bytes[start, end)` into `hash`: MurmurHash3's 128-bit mixing over 4-byte lanes.
 *
 * Two of five million ids collide with a probability below 10⁻²⁵, so the ids themselves need not be held.
 */
export function hashEventId(hash: EventIdHash, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  let h0 = 0x9747b28c;
  let h1 = 0x5bd1e995;
  let h2 = 0x1b873593;
  let h3 = 0x2545f491;
  for (let at = start; at < end; at += 16) {
    const k0 = lane(bytes, at, end);
    const k1 = lane(bytes, at + 4, end);
    const k2 = lane(bytes, at + 8, end);
    const k3 = lane(bytes, at + 12, end);
    h0 ^= Math.imul(rotl(Math.imul(k0, C0), 15), C1);
    h0 = (Math.imul((rotl(h0, 19) + h1) | 0, 5) + 0x561ccd1b) | 0;
    h1 ^= Math.imul(rotl(Math.imul(k1, C1), 16), C2);
    h1 = (Math.imul((rotl(h1, 17) + h2) | 0, 5) + 0x0bcaa747) | 0;
    h2 ^= Math.imul(rotl(Math.imul(k2, C2), 17), C3);
    h2 = (Math.imul((rotl(h2, 15) + h3) | 0, 5) + 0x96cd1c35) | 0;
    h3 ^= Math.imul(rotl(Math.imul(k3, C3), 18), C0);
    h3 = (Math.imul((rotl(h3, 13) + h0) | 0, 5) + 0x32ac3b17) | 0;
  }
  h0 ^= length;
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h0 = (h0 + h1 + h2 + h3) | 0;
  h1 = (h1 + h0) | 0;
  h2 = (h2 + h0) | 0;
  h3 = (h3 + h0) | 0;
  h0 = finish(h0);
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h0 = (h0 + h1 + h2 + h3) | 0;
  hash.h0 = h0;
  hash.h1 = (h1 + h0) | 0;
  hash.h2 = (h2 + h0) | 0;
  hash.h3 = (h3 + h0) | 0;
}

function lane(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  let word = 0;
  for (let shift = 0; at < end; at++, shift += 8) word |= bytes[at]! << shift;
  return word;
}

function rotl(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
