import type { Random } from '@pulselake/generators';

/** Some of the items, in their order; all when there are no more than `atMost`. */
export function sampleOf<T>(items: readonly T[], atMost: number, random: Random): T[] {
  const left = [...items];
  while (left.length > atMost) left.splice(random.int(0, left.length), 1);
  return left;
}
