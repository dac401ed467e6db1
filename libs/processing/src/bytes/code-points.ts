/** Number of code points in valid UTF-8: the bytes that do not continue a sequence. */
export function codePointLength(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) if ((bytes[at]! & 0xc0) !== 0x80) length++;
  return length;
}

/** Largest cut ≤ `limit` bytes after `start` that does not split a code point of valid UTF-8. */
export function codePointCut(bytes: Uint8Array, start: number, end: number, limit: number): number {
  if (end - start <= limit) return end;
  let cut = start + limit;
  while (cut > start && (bytes[cut]! & 0xc0) === 0x80) cut--;
  return cut;
}
