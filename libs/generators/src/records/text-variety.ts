import { formatInstant } from '@pulselake/data-model';
import type { Random } from '../random.js';
import { formatJavaDouble } from './format-java-double.js';

/** Writes the same number or instant in one of the ways that the formats allow. */
export interface TextVariety {
  /** Share of the texts that are written in an unusual way, 0–1. */
  readonly share: number;
  readonly random: Random;
}

/** An instant with 0, 3, 6 or 9 fraction digits; what goes beyond the millisecond is cut by readers. */
export function instantText(epochMs: number, { share, random }: TextVariety): string {
  const text = formatInstant(epochMs);
  if (text.endsWith('.000Z') && random.chance(0.5)) return `${text.slice(0, 19)}Z`;
  if (!random.chance(share)) return text;
  const digits = random.pick([3, 6]);
  return `${text.slice(0, 23)}${String(random.int(0, 10 ** digits)).padStart(digits, '0')}Z`;
}

/** A double as ECMAScript or as Java writes it. */
export function numberText(value: number, { share, random }: TextVariety): string {
  return random.chance(share) ? formatJavaDouble(value) : String(value);
}
