import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventIdHash, hashEventId } from '../src/events/event-id-hash.js';
import { EventIdSet } from '../src/windows/event-id-set.js';
import { between } from './support/between.js';

function hashOf(id: string, neighbour = ''): EventIdHash {
  const { bytes, start, end } = between(id, neighbour);
  const hash = { h0: 0, h1: 0, h2: 0, h3: 0 };
  hashEventId(hash, bytes, start, end);
  return hash;
}

/** Ids as producers make them: counted, padded, hexadecimal, long with one place that differs. */
const KINDS: readonly (readonly [string, (index: number) => string])[] = [
  ['counted', (index) => String(index)],
  ['padded', (index) => String(index).padStart(64, '0')],
  ['with a tail', (index) => `${index}${'0'.repeat(40)}`],
  ['like UUIDs', (index) => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`],
  ['of letters', (index) => `evt_${index.toString(36)}é`],
];

describe('the set of event ids', () => {
  test.skipIf(process.env['PULSELAKE_MUTANTS']).each(KINDS)(
    'finds no false duplicate among a hundred thousand ids %s, and every true one',
    (_, idOf) => {
      const set = new EventIdSet();
      const ids = Array.from({ length: 100_000 }, (_, index) => idOf(index));
      expect(ids.filter((id) => !set.add(0, hashOf(id)))).toEqual([]);
      expect(set.size).toBe(ids.length);
      expect(ids.filter((id) => set.add(0, hashOf(id)))).toEqual([]);
      expect(set.size).toBe(ids.length);
    },
  );

  test('made from the words of another holds the same ids, however many', () => {
    for (const count of [0, 1, 12, 5_000]) {
      const set = new EventIdSet();
      for (let index = 0; index < count; index++) set.add(index % 3, hashOf(`id-${index}`));
      const words = set.words();
      expect(words.length).toBe(count * 4);
      const again = EventIdSet.from(words);
      expect(again.size).toBe(count);
      for (let index = 0; index < count; index++) expect(again.add(index % 3, hashOf(`id-${index}`))).toBe(false);
      expect(again.add(0, hashOf('another'))).toBe(true);
    }
  });

  test.skipIf(process.env['PULSELAKE_MUTANTS'])('keeps the ids of a thousand series apart', () => {
    const set = new EventIdSet();
    const refused: string[] = [];
    for (let series = 0; series < 1_000; series++) {
      for (let index = 0; index < 100; index++)
        if (!set.add(series, hashOf(`id-${index}`))) refused.push(`${series} ${index}`);
    }
    expect(refused).toEqual([]);
    expect(set.add(7, hashOf('id-7'))).toBe(false);
  });

  test('answers as a Set does', () => {
    const adds = fc.array(fc.tuple(fc.nat(3), fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', '\0') })), {
      maxLength: 300,
      size: 'max',
    });
    fc.assert(
      fc.property(adds, (all) => {
        const set = new EventIdSet();
        const model = new Set<string>();
        for (const [series, id] of all) {
          const key = `${series} ${id}`;
          expect(set.add(series, hashOf(id))).toBe(!model.has(key));
          model.add(key);
        }
        expect(set.size).toBe(model.size);
      }),
      { numRuns: 300 },
    );
  });

  test('takes a hash of zeros once', () => {
    const set = new EventIdSet();
    const zeros = { h0: 0, h1: 0, h2: 0, h3: 0 };
    expect([set.add(0, zeros), set.add(0, zeros), set.size]).toEqual([true, false, 1]);
  });
});

describe('the hash of an event id', () => {
  test('depends on the bytes of the id alone, all of them and their number', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'é'), maxLength: 40 });
    fc.assert(
      fc.property(id, id, fc.constantFrom('', 'a', '\0', 'xyz'), (one, other, neighbour) => {
        expect(hashOf(one, neighbour)).toEqual(hashOf(one));
        expect(JSON.stringify(hashOf(one)) === JSON.stringify(hashOf(other))).toBe(one === other);
      }),
      { numRuns: 5_000 },
    );
  });

  test('changes in about half of its bits when one bit of the id changes', () => {
    const id = Buffer.from('0123456789abcdef0123456789abcdef0123');
    const bitsOf = (bytes: Buffer) => {
      const hash = { h0: 0, h1: 0, h2: 0, h3: 0 };
      hashEventId(hash, bytes, 0, bytes.length);
      return [hash.h0, hash.h1, hash.h2, hash.h3].map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('');
    };
    const plain = bitsOf(id);
    for (let bit = 0; bit < id.length * 8; bit++) {
      const changed = Buffer.from(id);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const differing = [...bitsOf(changed)].filter((each, index) => each !== plain[index]).length;
      expect([bit, differing > 32 && differing < 96]).toEqual([bit, true]);
    }
  });
});
