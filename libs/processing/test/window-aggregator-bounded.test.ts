import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neumaierSum } from './support/reference-windows.js';
import { aggregatorOf, parsed, SERIES, type TestEvent } from './support/window-events.js';

const NOW_MS = Date.parse('2024-05-01T12:00:00Z');

function windowsOf(events: readonly TestEvent[]) {
  const { aggregator, written, series } = aggregatorOf('bounded');
  const input = aggregator.openInput(NOW_MS);
  const outcomes = events.map((event, index) => {
    const outcome = aggregator.add(input, parsed(event), NOW_MS);
    // Nothing is written before the end.
    expect(written).toHaveLength(0);
    if (index === events.length - 1) aggregator.advanceClock(NOW_MS + 86_400_000);
    return outcome;
  });
  const { openEvents, heldWindows } = aggregator;
  aggregator.finish();
  return { written, outcomes, openEvents, heldWindows, series, aggregator };
}

/** The exact sum of doubles, each an integer times 2^-1074. */
function exactSum(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + scaled(value), 0n);
  // 60 bits are more than a double keeps.
  const magnitude = total < 0n ? -total : total;
  const shift = Math.max(magnitude.toString(2).length - 60, 0);
  const rest = Number(magnitude >> BigInt(shift));
  const half = Math.floor((shift - 1074) / 2);
  return (total < 0n ? -1 : 1) * rest * 2 ** half * 2 ** (shift - 1074 - half);
}

function scaled(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const exponent = Number((all >> 52n) & 0x7ffn);
  const fraction = all & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return value < 0 ? -magnitude : magnitude;
}

const value = fc.oneof(
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.double({ noNaN: true, min: -1e290, max: 1e290 }),
  fc.constantFrom(1, -1, 1e16, -1e16, 0.1, 5e-324, -0, 0, 1e100, -1e100),
);
const event = fc.record(
  {
    series: fc.nat(SERIES.length - 1),
    timestampMs: fc.oneof(
      fc.integer({ min: -700_000, max: 700_000 }),
      fc.constantFrom(NOW_MS, NOW_MS - 1, NOW_MS + 300_000, NOW_MS + 300_001, -62_135_596_800_000),
    ),
    value,
    id: fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', 'b', 'c', 'd') }),
  },
  { requiredKeys: ['series', 'timestampMs', 'value'] },
);
/** Events in two orders. Equal ids have equal events, as retries do. */
const shuffled = fc
  .array(event, { maxLength: 60, size: 'max' })
  .map((events) => {
    const byId = new Map<string | undefined, TestEvent>();
    return events.map((each) => {
      if (each.id === undefined) return each;
      const first = byId.get(each.id) ?? each;
      byId.set(each.id, first);
      return first;
    });
  })
  .chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length })),
  );

describe('bounded windows', () => {
  test('do not depend on the order of the events, the sum within the tolerance', () => {
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        const one = windowsOf(events).written;
        const other = windowsOf(others).written;
        expect(other.map((window) => ({ ...window, sumValue: 0 }))).toEqual(
          one.map((window) => ({ ...window, sumValue: 0 })),
        );
        one.forEach(({ minValue, maxValue, sampleCount, sumValue }, index) => {
          const largest = Math.max(Math.abs(minValue), Math.abs(maxValue));
          const tolerance = 1e-9 * Math.max(Math.abs(sumValue!), sampleCount * largest);
          expect(Math.abs(other[index]!.sumValue! - sumValue!)).toBeLessThanOrEqual(tolerance);
        });
      }),
      { numRuns: 600 },
    );
  });

  test('are those of plain Maps over all events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const windows = new Map<string, number[]>();
        const ids = new Set<string>();
        const expected = events.map(({ series, timestampMs, value: own, id }) => {
          if (timestampMs > NOW_MS + 300_000) return 'future';
          const fromMs = Math.floor(timestampMs / 300_000) * 300_000;
          if (id !== undefined && ids.has(`${series} ${fromMs} ${id}`)) return 'duplicate';
          if (id !== undefined) ids.add(`${series} ${fromMs} ${id}`);
          const key = `${series} ${fromMs}`;
          windows.set(key, [...(windows.get(key) ?? []), own]);
          return 'accepted';
        });

        const { written, outcomes, openEvents, heldWindows, aggregator } = windowsOf(events);

        expect(outcomes).toEqual(expected);
        expect(openEvents).toBe(expected.filter((outcome) => outcome === 'accepted').length);
        expect(heldWindows).toBe(windows.size);
        expect([aggregator.openEvents, aggregator.heldWindows, aggregator.corrections]).toEqual([0, 0, 0]);
        expect(written).toHaveLength(windows.size);
        for (const { series, fromMs, toMs, minValue, maxValue, sumValue, sampleCount, revision } of written) {
          const values = windows.get(`${series} ${fromMs}`)!;
          expect([toMs - fromMs, sampleCount, revision]).toEqual([300_000, values.length, 0]);
          expect([minValue, maxValue]).toEqual([Math.min(...values) + 0, Math.max(...values) + 0]);
          expect(sumValue).toBe(neumaierSum(values));
        }
      }),
      { numRuns: 600 },
    );
  });

  test('come in the order of start, component, metric and unit', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const { written, series } = windowsOf(events);
        const keys = written.map(({ fromMs, series: index }) => {
          const { componentName, metricName, unit } = series.get(index);
          return [fromMs, [componentName, metricName, unit].join('\0')] as const;
        });
        expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
      }),
      { numRuns: 500 },
    );
  });

  test('hold thousands of series and windows at once', () => {
    const { aggregator, written, series } = aggregatorOf('bounded');
    const input = aggregator.openInput(NOW_MS);
    const indices = Array.from({ length: 3_000 }, (_, index) => series.indexOf(`c${index % 50}`, `m${index}`, 'u'));
    for (let round = 0; round < 4; round++) {
      for (const index of indices) {
        aggregator.add(
          input,
          parsed({ series: index, timestampMs: (round % 2) * 300_000, value: index + round }),
          NOW_MS,
        );
      }
    }
    expect(aggregator.heldWindows).toBe(6_000);
    expect(aggregator.openEvents).toBe(12_000);
    aggregator.finish();
    expect(written).toHaveLength(6_000);
    for (const { series: index, fromMs, minValue, maxValue, sumValue, sampleCount } of written) {
      const round = fromMs / 300_000;
      expect([minValue, maxValue, sumValue, sampleCount]).toEqual([
        index + round,
        index + round + 2,
        2 * (index + round + 1),
        2,
      ]);
    }
  });
});

describe('the sum', () => {
  const sumOf = (values: readonly number[]) =>
    windowsOf(values.map((each) => ({ timestampMs: 0, value: each }))).written[0]!.sumValue;

  test.each([
    [[1e16, 1, -1e16], 1],
    [[1, 1e16, -1e16], 1],
    [[1e16, 1, 1, -1e16], 2],
    [[1, 1e100, 1, -1e100], 2],
    [Array.from({ length: 10 }, () => 0.1), 1],
    [[-0], 0],
    [[1e308, -1e308, 5], 5],
    [[5e-324, 5e-324], 1e-323],
  ])('of %j is %d', (values, sum) => {
    expect(sumOf(values)).toBe(sum);
  });

  test('is absent when it is beyond double, and so is one that went beyond it', () => {
    expect(sumOf([1e308, 1e308])).toBeUndefined();
    expect(sumOf([-1e308, -1e308])).toBeUndefined();
    expect(sumOf([1.7e308, 1.7e308, -1.7e308])).toBeUndefined();
  });

  test('is the exact sum within the tolerance, whatever cancels', () => {
    const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    const values = fc
      .tuple(fc.array(value, { minLength: 1, maxLength: 40 }), fc.array(finite, { maxLength: 20 }))
      .chain(([some, cancelled]) => {
        const all = [...some, ...cancelled, ...cancelled.map((each) => -each)];
        return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
      });
    fc.assert(
      fc.property(values, (all) => {
        const exact = exactSum(all);
        const largest = Math.max(...all.map(Math.abs));
        const tolerance = 1e-9 * Math.max(Math.abs(exact), all.length * largest);
        expect(Math.abs(sumOf(all)! - exact)).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is exact where plain addition is off, as long as one correction holds what was lost', () => {
    const integers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(integers, (small) => {
        expect(sumOf([1e17, ...small, -1e17])).toBe(small.reduce((sum, each) => sum + each, 0));
      }),
      { numRuns: 1_000 },
    );
  });
});
