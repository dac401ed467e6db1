import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/index.js';

const words = (seed: number, label?: string): number[] => {
  const random = label === undefined ? createRandom(seed) : createRandom(seed).fork(label);
  return Array.from({ length: 4 }, () => random.uint32());
};

describe('createRandom', () => {
  it('keeps its numbers from one version to the next', () => {
    expect(words(7)).toMatchInlineSnapshot(`
      [
        656300889,
        3414385743,
        3199093941,
        1248502696,
      ]
    `);
    expect(words(-1, 'events')).toMatchInlineSnapshot(`
      [
        2398920898,
        2140998018,
        129986670,
        745313727,
      ]
    `);
  });

  it('gives other numbers for another seed or label', () => {
    const all = [words(0), words(1), words(2), words(1, 'a'), words(1, 'b'), words(10, '')].map(String);
    expect(new Set(all).size).toBe(all.length);
  });

  it('forks by label alone, whatever was drawn before', () => {
    const random = createRandom(3);
    const before = random.fork('x').next();
    random.next();
    expect(random.fork('x').next()).toBe(before);
  });

  it('stays in its ranges for any seed', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (seed, from, length) => {
        const random = createRandom(seed);
        const value = random.next();
        const integer = random.int(from, from + length);
        return value >= 0 && value < 1 && Number.isInteger(integer) && integer >= from && integer < from + length;
      }),
    );
  });

  it('spreads evenly over ten bins', () => {
    const random = createRandom(11);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) bins[random.int(0, 10)]!++;
    // Five standard deviations.
    for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(475);
  });

  it('fails on a seed that is no whole number, an empty range and an empty list', () => {
    expect(() => createRandom(1.5)).toThrow('seed is 1.5; it must be a whole number');
    expect(() => createRandom(1).int(5, 5)).toThrow('[5, 5) holds no integer.');
    expect(() => createRandom(1).pick([])).toThrow('holds no integer');
  });
});
