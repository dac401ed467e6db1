import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteInterner } from '../src/bytes/byte-interner.js';
import { type PairCount, TrafficCounter } from '../src/index.js';

function intern(names: ByteInterner, text: string): number {
  const bytes = Buffer.from(text);
  return names.intern(bytes, 0, bytes.length);
}

const name = fc.constantFrom('a', 'b', 'é', '😀', 'Z', 'users', '');
const call = fc.record({
  day: fc.integer({ min: -2, max: 2 }),
  source: fc.option(name, { nil: undefined }),
  target: name,
  failed: fc.boolean(),
});

describe('the traffic counter', () => {
  test('counts as plain Maps do, in the order of day, kind, source and target', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200, size: 'max' }), (calls) => {
        const counter = new TrafficCounter();
        const model = new Map<string, PairCount>();
        for (const { day, source, target, failed } of calls) {
          const index = source === undefined ? -1 : intern(counter.sources, source);
          counter.count(day, index, intern(counter.targets, target), failed);
          const key = JSON.stringify([day, source ?? null, target]);
          const { totalRequests = 0, failedRequests = 0 } = model.get(key) ?? {};
          model.set(key, {
            day,
            kind: source === undefined ? 'user' : 'service',
            source: source ?? 'users',
            target,
            totalRequests: totalRequests + 1,
            failedRequests: failedRequests + (failed ? 1 : 0),
          });
        }
        const rank = ({ day, kind, source, target }: PairCount) => [String(day + 5), kind, source, target].join('\0');
        const expected = [...model.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
        expect(counter.counts('users')).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test.skipIf(process.env['PULSELAKE_MUTANTS'])('keeps thousands of sources and targets apart', () => {
    const counter = new TrafficCounter();
    const targets = Array.from({ length: 400 }, (_, index) => intern(counter.targets, `t${index}`));
    for (let source = 0; source < 400; source++) {
      const index = intern(counter.sources, `s${source}`);
      for (const target of targets) counter.count(0, index, target, (source + target) % 3 === 0);
    }
    const counts = counter.counts('users');
    expect(counts).toHaveLength(160_000);
    expect(new Set(counts.map(({ source, target }) => `${source} ${target}`)).size).toBe(160_000);
    const wrong = counts.filter(
      ({ source, target, totalRequests, failedRequests }) =>
        totalRequests !== 1 ||
        failedRequests !== ((Number(source.slice(1)) + Number(target.slice(1))) % 3 === 0 ? 1 : 0),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['1970-01-01T00:00:00.000Z', 0],
    ['1970-01-01T23:59:59.999Z', 0],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2024-02-29T00:00:00.000Z', 19_782],
  ])('counts %s into day %d', (instant, day) => {
    expect(TrafficCounter.dayOf(Date.parse(instant))).toBe(day);
  });
});
