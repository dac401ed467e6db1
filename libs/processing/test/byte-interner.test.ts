import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteInterner } from '../src/bytes/byte-interner.js';
import { hashBytes } from '../src/bytes/hash-bytes.js';
import { between } from './support/between.js';

function intern(interner: ByteInterner, text: string, neighbour = 'n'): number {
  const { bytes, start, end } = between(text, neighbour);
  const index = interner.intern(bytes, start, end);
  // The caller's buffer is used again.
  bytes.fill(0);
  return index;
}

describe('the byte interner', () => {
  test('gives each text the index of its first appearance', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\0'), maxLength: 4 }), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(texts, fc.constantFrom('a', '\0', ''), (all, neighbour) => {
        const interner = new ByteInterner();
        const expected = [...new Set(all)];
        for (const text of all) expect(intern(interner, text, neighbour)).toBe(expected.indexOf(text));
        expect(interner.size).toBe(expected.length);
        expect(expected.map((_, index) => interner.text(index))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test.skipIf(process.env['PULSELAKE_MUTANTS'])(
    'keeps two hundred thousand names apart, those with equal hashes too',
    () => {
      const names = Array.from(
        { length: 200_000 },
        (_, index) => `service-${(Math.imul(index, 0x9e3779b1) >>> 0).toString(36)}`,
      );
      const byHash = new Map<number, string>();
      const collisions = names.flatMap((name) => {
        const hash = hashBytes(Buffer.from(name), 0, name.length);
        const other = byHash.get(hash);
        byHash.set(hash, name);
        return other === undefined ? [] : [[other, name] as const];
      });
      expect(collisions.length).toBeGreaterThan(0);

      const interner = new ByteInterner();
      const wrong = [1, 2].flatMap(() => names.filter((name, index) => intern(interner, name) !== index));
      expect(wrong).toEqual([]);
      expect(interner.size).toBe(names.length);
      for (const [one, other] of collisions) expect(intern(interner, one)).not.toBe(intern(interner, other));
    },
  );
});
