/** Puts a text between the bytes of neighbours, which a reader must not look at. */
export function between(text: string | Uint8Array, neighbour: string): { bytes: Buffer; start: number; end: number } {
  const own = Buffer.from(text);
  const before = Buffer.from(neighbour);
  return { bytes: Buffer.concat([before, own, before]), start: before.length, end: before.length + own.length };
}
