export const BOM_BYTES = 3;

/** Whether `bytes[start, end)` begins with the byte order mark of UTF-8. */
export function startsWithBom(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= BOM_BYTES && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
