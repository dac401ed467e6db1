import { formatInstant } from '@pulselake/data-model';

/**
 * Writes an instant as Java's `Instant.toString` does: no fraction on whole seconds, else three digits.
 *
 * @param epochMs whole milliseconds since the epoch, years 0000–9999
 * @throws RangeError outside these years
 * @example formatJavaInstant(1_000) // '1970-01-01T00:00:01Z'
 */
export function formatJavaInstant(epochMs: number): string {
  const text = formatInstant(epochMs);
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text;
}
