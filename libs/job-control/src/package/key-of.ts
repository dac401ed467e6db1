/** The key of an artifact in its bucket: the prefix as it is, so end it with `/`. Pure. */
export function keyOf(prefix: string, file: string): string {
  return `${prefix}${file}`;
}
