import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregatorOf, parsed } from './support/window-events.js';

const LAG_MS = 30_001;
const IDLE_MS = 60_000;
const MINUTE_MS = 60_000;
const WINDOW_MS = 5 * MINUTE_MS;

interface ModelInput {
  ownMs: number;
  activeAtMs: number;
}

const step = fc.record({
  afterMs: fc.oneof(fc.nat(5_000), fc.nat(100_000)),
  /** Which input an event comes from; 3 stands for no event but the clock alone. */
  input: fc.nat(3),
  lagMs: fc.integer({ min: -100_000, max: 400_000 }),
});

describe('the watermark of several inputs', () => {
  test('never falls, and never passes the least of the inputs that are not idle', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 3 }), (steps, width) => {
        const { aggregator } = aggregatorOf('streaming');
        let nowMs = 0;
        const inputs = Array.from({ length: width }, (): ModelInput => {
          aggregator.openInput(nowMs);
          return { ownMs: -Infinity, activeAtMs: nowMs };
        });
        for (const { afterMs, input, lagMs } of steps) {
          nowMs += afterMs;
          const before = aggregator.watermarkMs;
          const source = inputs[input];
          if (source) {
            const timestampMs = nowMs - lagMs;
            const outcome = aggregator.add(input, parsed({ timestampMs }), nowMs);
            if (outcome === 'accepted') {
              source.activeAtMs = nowMs;
              source.ownMs = Math.max(source.ownMs, timestampMs - LAG_MS);
            }
          } else aggregator.advanceClock(nowMs);

          const active = inputs.filter(({ activeAtMs }) => nowMs - activeAtMs < IDLE_MS);
          const least = Math.min(...active.map(({ ownMs }) => ownMs));
          const after = aggregator.watermarkMs;
          expect(after).toBeGreaterThanOrEqual(before);
          if (source) {
            if (after > before) expect(after).toBe(least);
          } else if (active.length > 0) expect(after).toBe(Math.max(before, least));
          else {
            const silentMs = nowMs - Math.max(...inputs.map(({ activeAtMs }) => activeAtMs));
            const ownMs = Math.max(...inputs.map((each) => each.ownMs));
            const lastDueMs = (Math.floor((ownMs + LAG_MS) / WINDOW_MS) + 1) * WINDOW_MS - 1;
            expect(after).toBe(Math.max(before, Math.min(ownMs + silentMs, lastDueMs)));
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('waits for the slower input, and for one that has not sent anything yet', () => {
    const { aggregator, written } = aggregatorOf('streaming');
    const [fast, slow] = [aggregator.openInput(0), aggregator.openInput(0)];
    const nowMs = 50_000;
    aggregator.add(fast, parsed({ timestampMs: 340_000 }), nowMs);
    expect(aggregator.watermarkMs).toBe(-Infinity);
    aggregator.add(slow, parsed({ timestampMs: 10_000 }), nowMs);
    expect(aggregator.watermarkMs).toBe(10_000 - LAG_MS);
    aggregator.add(slow, parsed({ timestampMs: 330_000 }), nowMs);
    expect(written.map(({ fromMs, sampleCount }) => [fromMs, sampleCount])).toEqual([[0, 1]]);
    expect(aggregator.watermarkMs).toBe(330_000 - LAG_MS);
  });

  test('goes on without an input that is silent for the idle timeout, and not a millisecond earlier', () => {
    const { aggregator } = aggregatorOf('streaming');
    const [fast, slow] = [aggregator.openInput(0), aggregator.openInput(0)];
    aggregator.add(slow, parsed({ timestampMs: 0 }), 0);
    aggregator.add(fast, parsed({ timestampMs: 100_000 }), IDLE_MS - 1);
    aggregator.advanceClock(IDLE_MS - 1);
    expect(aggregator.watermarkMs).toBe(0 - LAG_MS);
    aggregator.advanceClock(IDLE_MS);
    expect(aggregator.watermarkMs).toBe(100_000 - LAG_MS);
  });

  test('lets an input that was idle come back without falling', () => {
    const { aggregator } = aggregatorOf('streaming');
    const [fast, slow] = [aggregator.openInput(0), aggregator.openInput(0)];
    aggregator.add(fast, parsed({ timestampMs: 1_000_000 }), 1_000_000);
    expect(aggregator.watermarkMs).toBe(1_000_000 - LAG_MS);
    expect(aggregator.add(slow, parsed({ timestampMs: 900_000 }), 1_000_000)).toBe('accepted');
    expect(aggregator.watermarkMs).toBe(1_000_000 - LAG_MS);
    aggregator.add(fast, parsed({ timestampMs: 1_100_000 }), 1_050_000);
    expect(aggregator.watermarkMs).toBe(1_000_000 - LAG_MS);
    expect(aggregator.add(slow, parsed({ timestampMs: 299_999 }), 1_050_000)).toBe('late');
  });

  test('is not moved by the clock before the first event, nor in a bounded run', () => {
    const streaming = aggregatorOf('streaming').aggregator;
    streaming.advanceClock(1e12);
    expect(streaming.watermarkMs).toBe(-Infinity);
    streaming.openInput(0);
    streaming.advanceClock(1e12);
    expect(streaming.watermarkMs).toBe(-Infinity);

    const { aggregator, written } = aggregatorOf('bounded');
    aggregator.add(aggregator.openInput(0), parsed({ timestampMs: 0 }), 0);
    aggregator.advanceClock(1e12);
    expect(written).toHaveLength(0);
  });
});

describe('a quiet stream', () => {
  test('writes its last window within two minutes of its end and the out-of-orderness, and not before its end', () => {
    const quiet = fc.record({
      startMs: fc.integer({ min: -10_000_000, max: 10_000_000 }),
      offsetsMs: fc.array(fc.nat(299_999), { minLength: 1, maxLength: 10 }),
      delayMs: fc.nat(30_000),
      tickMs: fc.integer({ min: 100, max: 5_000 }),
      inputs: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(quiet, ({ startMs, offsetsMs, delayMs, tickMs, inputs }) => {
        const fromMs = Math.floor(startMs / 300_000) * 300_000;
        const endMs = fromMs + 300_000;
        const { aggregator, written } = aggregatorOf('streaming');
        for (let opened = 0; opened < inputs; opened++) aggregator.openInput(fromMs);
        const times = offsetsMs.map((offset) => fromMs + offset).sort((a, b) => a - b);
        times.forEach((timestampMs, index) =>
          aggregator.add(index % inputs, parsed({ timestampMs }), timestampMs + delayMs),
        );
        let nowMs = times.at(-1)! + delayMs;
        while (written.length === 0 && nowMs < endMs + 10 * MINUTE_MS) {
          nowMs += tickMs;
          aggregator.advanceClock(nowMs);
        }
        expect(nowMs).toBeLessThanOrEqual(endMs + 30_000 + 2 * MINUTE_MS + tickMs);
        expect(nowMs).toBeGreaterThanOrEqual(endMs);
        expect(written).toMatchObject([{ fromMs, sampleCount: offsetsMs.length, revision: 0 }]);
        expect(aggregator.openEvents).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('takes what comes after the pause without need for lateness', () => {
    const { aggregator } = aggregatorOf('streaming');
    const input = aggregator.openInput(0);
    aggregator.add(input, parsed({ timestampMs: 0 }), 0);
    for (let nowMs = 0; nowMs <= 3_600_000; nowMs += 1_000) aggregator.advanceClock(nowMs);
    expect(aggregator.watermarkMs).toBe(WINDOW_MS - 1);
    // A reader that was cut off, not a stream that was silent: what it missed is an hour old.
    expect(aggregator.add(input, parsed({ timestampMs: WINDOW_MS }), 3_601_000)).toBe('accepted');
    expect(aggregator.openEvents).toBe(1);
  });
});
