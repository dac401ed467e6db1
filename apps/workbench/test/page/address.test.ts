import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endsOf, readAddress, writeAddress } from '../../page/src/state/address.js';

const HOUR_MS = 3_600_000;

describe('the address', () => {
  test('what is written is read again', () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 4 });
    const text = fc.string({ unit: 'binary' });
    const day = fc.constantFrom('', '2024-02-29', '2023-12-31');
    const state = fc.record({
      view: fc.constantFrom('metrics' as const, 'traffic' as const, 'health' as const, 'sql' as const),
      range: fc.oneof(
        fc.constantFrom('15m', '6h', '24h', '7d', '45d'),
        fc
          .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e10 }))
          .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs })),
      ),
      refresh: fc.constantFrom(0, 10, 30, 60, 300),
      component: texts,
      metric: texts,
      unit: texts,
      reason: texts,
      day,
      compare: day,
      service: text,
      find: text,
      sort: texts,
      filter: texts,
      sql: text,
    });
    fc.assert(
      fc.property(state, (value) => {
        expect(readAddress(writeAddress({ ...readAddress(''), ...value }))).toEqual({ ...value, problems: [] });
      }),
    );
  });

  test('any text is an address, with defaults for what cannot be read', () => {
    fc.assert(
      fc.property(fc.string(), (search) => {
        expect(readAddress(search)).toHaveProperty('view');
      }),
    );
  });

  test.each([
    ['?view=nowhere', 'There is no view "nowhere"; there are metrics, traffic, health, sql.'],
    ['?from=now-5y', 'from "now-5y" to "" is no range'],
    ['?from=2024-01-02&to=2024-01-01', 'from "2024-01-02" to "2024-01-01" is no range'],
    ['?from=1990-01-01&to=2024-01-01', 'The range is longer than ten years'],
    ['?refresh=-1', 'refresh is "-1"; it may be 0, 10, 30, 60, 300 seconds.'],
    ['?day=2024-02-30', 'day is "2024-02-30"; it must be a day like 2024-03-01.'],
    ["?compare=1' OR 1=1", 'compare is "1\' OR 1=1"; it must be a day like 2024-03-01.'],
  ])('fails to read %s, and says so', (search, problem) => {
    const { problems, range, day, compare, refresh } = readAddress(search);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect({ range, day, compare, refresh }).toEqual({ range: '24h', day: '', compare: '', refresh: 0 });
  });

  test('a range that ends now ends at the instant of now', () => {
    const { range } = readAddress('?from=now-6h&to=now');
    expect(endsOf(range, 10 * HOUR_MS)).toEqual({ fromMs: 4 * HOUR_MS, toMs: 10 * HOUR_MS });
  });
});
