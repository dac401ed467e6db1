import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepForRange } from '../src/index.js';

const HOUR_MS = 3_600_000;

test.each([
  ['an hour', HOUR_MS, 300, 30_000],
  ['a day', 24 * HOUR_MS, 300, 300_000],
  ['a week', 168 * HOUR_MS, 300, 3_600_000],
  ['a year', 8_760 * HOUR_MS, 300, 2 * 24 * HOUR_MS],
  ['nothing', 0, 300, 10_000],
])('%s', (_, lengthMs, maxPoints, stepMs) => {
  expect(stepForRange({ fromMs: 0, toMs: lengthMs, maxPoints })).toBe(stepMs);
});

test('never gives more points than asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4e11 }), fc.integer({ min: 1, max: 2000 }), (lengthMs, maxPoints) => {
      expect(lengthMs / stepForRange({ fromMs: 0, toMs: lengthMs, maxPoints })).toBeLessThanOrEqual(maxPoints);
    }),
  );
});
