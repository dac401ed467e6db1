import { MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from '@pulselake/data-model';
import type { Random } from '../random.js';

/** Texts that look like an instant and are none. */
export const BAD_TIMESTAMPS: readonly string[] = [
  '2024-02-30T12:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-03-01T24:00:00Z',
  '2024-03-01T23:59:60Z',
  '2024-03-01T12:00:00+01:00',
  '2024-03-01T12:00:00',
  '2024-03-01t12:00:00z',
  '2024-03-01 12:00:00Z',
  '2024-03-01T12:00:00.Z',
  '2024-03-01T12:00:00.1234567890Z',
  '2024-3-1T12:00:00Z',
  '0000-03-01T12:00:00Z',
  '1709294400',
  'yesterday',
];

/** A name in which Latin-1 leaves a byte that is not UTF-8. */
export const LATIN_1_NAME = 'caf\u00e9-service';

/** A text beyond the length of its field; one in eight is so long that its raw record is cut within a character. */
export function overlongText(field: string, random: Random): string {
  const limit = field === 'unit' ? MAX_UNIT_LENGTH : MAX_NAME_LENGTH;
  if (random.chance(1 / 8)) return `${'x'.repeat(random.int(0, 4))}${'\u{1F680}'.repeat(3000)}`;
  // Letters of two bytes: a limit in bytes would be met earlier than the one in code points.
  return '\u00f6'.repeat(random.int(limit + 1, limit + 80));
}
