import * as fc from 'fast-check';

/** The same bytes in chunks: all at once, byte by byte, or cut anywhere (empty chunks among them). */
export function cutAnywhere(bytes: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.array(fc.nat(bytes.length), { maxLength: 12 }).map((at) => cutAt(bytes, at)) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2, 3, 7).map((size) => cutEvery(bytes, size)) },
  );
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1]!, end));
}

function cutEvery(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
