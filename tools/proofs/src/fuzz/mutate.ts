import type { Random } from '@pulselake/generators';

/** What damages a record: line ends, quotes, escapes, numbers at the edge, odd characters, torn UTF-8. */
const PIECES: readonly Buffer[] = [
  ...['\n', '\r\n', '\r', '\n\n', '\r\r\n', '"', '""', "'", '\\', '\\"', '\\u0000', '\\ud800', '\\u00e9', ',', ',,'],
  ...['{', '}', '[', ']', ':', '{}', 'null', 'true', ' ', '\t', '\0', '\u001b[31m', '\u2028', '\ufeff', '😀', 'é', '€'],
  ...['-', '+', '.', '1e400', '-1e400', '1e-400', 'NaN', 'Infinity', '0x10', '9007199254740993', '9'.repeat(400)],
  ...['0', '00', '1_0', '1.', '.5', '2024-02-30T00:00:00Z', '2024-02-29T23:59:60Z', '0000-01-01T00:00:00Z', 'Z'],
  ...['24:00:00', '.123456789Z', '[', '] "', '" 200 [', '  - ', '<masked>', 'Machine (a; b)', '"eventId":"x",'],
  ...['"value":1,', '__proto__', 'x'.repeat(129), '😀'.repeat(128), 'y'.repeat(9000)],
]
  .map((text) => Buffer.from(text))
  .concat(
    [[0xff], [0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f], [0xc0, 0xaf], [0xed, 0xa0, 0x80]].map((b) => Buffer.from(b)),
  );

type Edit = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const at = (bytes: Buffer, random: Random) => random.int(0, bytes.length + 1);
const put = (bytes: Buffer, from: number, to: number, piece: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);

const EDITS: readonly Edit[] = [
  // A flipped bit, another byte, a piece put in or in the place of some bytes.
  (bytes, random) => {
    if (bytes.length === 0) return bytes;
    const flipped = Buffer.from(bytes);
    flipped[random.int(0, bytes.length)]! ^= 1 << random.int(0, 8);
    return flipped;
  },
  (bytes, random) => {
    const from = at(bytes, random);
    return put(bytes, from, from + 1, Buffer.from([random.int(0, 256)]));
  },
  (bytes, random) => {
    const from = at(bytes, random);
    return put(bytes, from, from, random.pick(PIECES));
  },
  (bytes, random) => {
    const from = at(bytes, random);
    return put(bytes, from, from + random.int(1, 12), random.pick(PIECES));
  },
  // Bytes lost, the end lost, bytes twice, the end of another record.
  (bytes, random) => {
    const from = at(bytes, random);
    return put(bytes, from, from + random.int(1, 30), Buffer.alloc(0));
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => {
    const from = at(bytes, random);
    return put(bytes, from, from, bytes.subarray(from, from + random.int(1, 40)));
  },
  (bytes, random, others) => {
    const other = random.pick(others);
    return Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]);
  },
  // A number in another's place.
  (bytes, random) => {
    const numbers = [...bytes.toString('latin1').matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)];
    if (numbers.length === 0) return bytes;
    const number = random.pick(numbers);
    return put(bytes, number.index, number.index + number[0].length, random.pick(PIECES));
  },
];

/**
 * Damages bytes, once or several times over.
 *
 * @param others whole records whose parts may be put in
 */
export function mutate(bytes: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let mutated = bytes;
  do mutated = random.pick(EDITS)(mutated, random, others);
  while (random.chance(0.35));
  return mutated;
}

/** Bytes in pieces: as they are, byte by byte, or cut anywhere. */
export function cutAnywhere(bytes: Buffer, random: Random): Buffer[] {
  if (random.chance(0.2)) return [bytes];
  if (random.chance(0.05)) return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  const cuts = Array.from({ length: random.int(1, 6) }, () => at(bytes, random)).sort((a, b) => a - b);
  return [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
}
