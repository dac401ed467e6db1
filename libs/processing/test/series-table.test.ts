import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashBytes } from '../src/bytes/hash-bytes.js';
import { type Series, SeriesTable } from '../src/index.js';

type Names = readonly [component: string, metric: string, unit: string];

/** The three names at places of their own among other bytes, in any order. */
function byBytes(table: SeriesTable, [component, metric, unit]: Names): number {
  const [u, c, m] = [Buffer.from(unit), Buffer.from(component), Buffer.from(metric)];
  const gap = Buffer.from('x,');
  const bytes = Buffer.concat([gap, u, gap, c, gap, m, gap]);
  const cStart = 2 + u.length + 2;
  const mStart = cStart + c.length + 2;
  const index = table.indexOfBytes(bytes, cStart, cStart + c.length, mStart, mStart + m.length, 2, 2 + u.length);
  bytes.fill(0);
  return index;
}

const namesOf = ({ componentName, metricName, unit }: Series): Names => [componentName, metricName, unit];

describe('the series table', () => {
  test('made from some series of another gives these their index again, and new ones those between', () => {
    const name = fc.tuple(fc.constantFrom('a', 'b', 'é'), fc.nat(200).map(String), fc.constant('u'));
    const kept = fc.array(fc.nat(400), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 300, size: 'max' }),
        kept,
        fc.array(name),
        (all, some, more) => {
          const table = new SeriesTable();
          for (const names of all) byBytes(table, names);
          const indices = [...new Set(some.map((index) => index % table.size))];
          const entries = indices.map((index) => [index, table.get(index)] as const);
          const again = SeriesTable.from(entries);
          for (const [index, series] of entries) {
            expect(again.get(index)).toEqual(series);
            expect(byBytes(again, namesOf(series))).toBe(index);
          }
          const seen = new Map(entries.map(([index, series]) => [namesOf(series).join(), index]));
          for (const names of [...more, ...all]) {
            const index = byBytes(again, names);
            expect(namesOf(again.get(index))).toEqual(names);
            expect(seen.get(names.join()) ?? index).toBe(index);
            seen.set(names.join(), index);
          }
          expect(new Set(seen.values()).size).toBe(seen.size);
          // Nothing is left free that could have been given: indices stay small.
          expect(again.size).toBe(Math.max(seen.size, ...indices.map((index) => index + 1)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gives each series the index of its first appearance, as texts and as bytes', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'ÿ', '\u00ff\u00fe', '\0', '😀'), maxLength: 3 });
    const all = fc.array(fc.tuple(fc.tuple(name, name, name), fc.boolean()), { maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(all, (series) => {
        const table = new SeriesTable();
        const expected = [...new Set(series.map(([names]) => JSON.stringify(names)))];
        for (const [names, asBytes] of series) {
          const index = asBytes ? byBytes(table, names) : table.indexOf(...names);
          expect(index).toBe(expected.indexOf(JSON.stringify(names)));
        }
        expect(table.size).toBe(expected.length);
        expect(expected.map((_, index) => JSON.stringify(namesOf(table.get(index))))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps series apart whose names are alike when they are joined', () => {
    const table = new SeriesTable();
    const cuts = Array.from({ length: 9 }, (_, first) =>
      Array.from({ length: 9 - first }, (_, rest) => [first, first + rest] as const),
    ).flat();
    const joined = 'abababab';
    const all = cuts.map(([a, b]): Names => [joined.slice(0, a), joined.slice(a, b), joined.slice(b)]);
    expect(all.map((names) => table.indexOf(...names))).toEqual(all.map((_, index) => index));
    expect(all.map((names) => byBytes(table, names))).toEqual(all.map((_, index) => index));
  });

  test.skipIf(process.env['PULSELAKE_MUTANTS'])(
    'keeps a hundred and fifty thousand series apart and finds each again',
    () => {
      const table = new SeriesTable();
      const all = Array.from({ length: 150_000 }, (_, index): Names => {
        const text = index.toString(36);
        return [`component-${text.slice(0, 2)}`, `metric-${text.slice(2)}`, index % 2 === 0 ? 'ms' : 'requests'];
      });
      const distinct = [...new Map(all.map((names) => [names.join('\0'), names])).values()];
      const wrong = [byBytes, (own: SeriesTable, names: Names) => own.indexOf(...names)].flatMap((indexOf) =>
        distinct.filter((names, index) => indexOf(table, names) !== index),
      );
      expect(wrong).toEqual([]);
      expect(table.size).toBe(distinct.length);
      expect(distinct.length).toBeGreaterThan(100_000);
      expect(distinct.filter((names, index) => namesOf(table.get(index)).join('\0') !== names.join('\0'))).toEqual([]);
    },
  );

  test.each([
    ['component', 0],
    ['metric', 1],
    ['unit', 2],
  ] as const)('keeps series apart that differ in the %s alone and have equal hashes', (_, place) => {
    const byHash = new Map<number, Names>();
    const collisions = Array.from({ length: 400_000 }, (__, index) => {
      const text = (Math.imul(index, 0x9e3779b1) >>> 0).toString(36).padStart(7, '0');
      const names: Names = [place === 0 ? text : 'c', place === 1 ? text : 'm', place === 2 ? text : 'u'];
      const key = Buffer.from(names.join('\u00ff'), 'latin1');
      const hash = hashBytes(key, 0, key.length);
      const other = byHash.get(hash);
      byHash.set(hash, names);
      return other === undefined ? [] : [[other, names] as const];
    }).flat();
    expect(collisions.length).toBeGreaterThan(0);
    for (const [one, other] of collisions) {
      const table = new SeriesTable();
      expect([byBytes(table, one), byBytes(table, other), byBytes(table, one)]).toEqual([0, 1, 0]);
    }
  });
});
