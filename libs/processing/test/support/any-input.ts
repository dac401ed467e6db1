import * as fc from 'fast-check';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** What goes wrong between lines and within characters. */
const SEAMS: readonly Uint8Array[] = [
  ...['\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r\n', ' ', '\0', 'é', '€', '😀', '\u2028', '"', '{"', '},', ','],
  'x'.repeat(30),
].map((text) => Buffer.from(text));

/** Bytes that are no UTF-8: torn, overlong, a surrogate, beyond U+10FFFF. */
const TORN: readonly Uint8Array[] = [
  [0xff],
  [0x80],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
].map((bytes) => Buffer.from(bytes));

/** Longer than what is kept of a rejected line, its border inside a character. */
const LONG: readonly Uint8Array[] = ['x', 'é', '€', '😀'].map((letter) =>
  Buffer.from('y' + letter.repeat(Math.ceil(8_200 / Buffer.byteLength(letter)))),
);

/** An input made of the given lines, whole or damaged, and of everything that can stand around them. */
export function anyInput(lines: readonly string[], options: { readonly long?: boolean } = {}): fc.Arbitrary<Buffer> {
  const line = fc.constantFrom(...lines.map((text) => Buffer.from(text)));
  const damaged = fc
    .tuple(line, fc.nat(200), fc.nat(3), fc.oneof(fc.constantFrom(...SEAMS), fc.constantFrom(...TORN)))
    .map(([bytes, at, cut, piece]) => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + cut)]));
  const piece = fc.oneof(
    { weight: 8, arbitrary: line.map((bytes) => Buffer.concat([bytes, Buffer.from('\n')])) },
    { weight: 4, arbitrary: damaged.map((bytes) => Buffer.concat([bytes, Buffer.from('\n')])) },
    { weight: 2, arbitrary: line },
    { weight: 6, arbitrary: fc.constantFrom(...SEAMS) },
    { weight: 2, arbitrary: fc.constantFrom(...TORN) },
    { weight: 1, arbitrary: fc.constant(BOM) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
    { weight: options.long ? 2 : 0, arbitrary: fc.constantFrom(...LONG) },
  );
  return fc
    .tuple(fc.boolean(), fc.array(piece, { maxLength: 14 }))
    .map(([bom, pieces]) => Buffer.concat([...(bom ? [BOM] : []), ...pieces]));
}
