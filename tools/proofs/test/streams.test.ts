import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { anyStream } from '../src/streams/any-stream.js';
import { type Delivery, runAggregator, runStreamWindows, type Tally } from '../src/streams/run-stream.js';

const STREAMS = amountOf({ full: 20_000, small: 250 });

const steps = (maxLength: number) => fc.array(fc.nat(50), { maxLength }).map((some) => new Set(some));

const delivery: fc.Arbitrary<Delivery> = fc.record({
  joined: steps(30),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  takes: steps(12),
  resumes: steps(5),
});

/** Runs a proof, tells what it met, and fails when it did not meet each kind of outcome often. */
function prove<T>(name: string, property: (tally: Tally) => fc.IProperty<T>): void {
  const tally: Tally = new Map();
  fc.assert(property(tally), { numRuns: STREAMS, seed: SEED });
  report(name, { streams: STREAMS, ...Object.fromEntries(tally) });
  for (const outcome of ['accepted', 'duplicate', 'late', 'future', 'correction']) {
    expect([outcome, (tally.get(outcome) ?? 0) > STREAMS / 10]).toEqual([outcome, true]);
  }
}

describe('windows of any stream are those of a slow model', () => {
  test('of up to three shards, event by event, with every revision', () => {
    prove('streams of shards', (tally) =>
      fc.property(anyStream, (stream) => {
        expect(runAggregator(stream, tally)).toBeUndefined();
      }),
    );
  }, 3_600_000);

  test('of a live stream, however its bytes are cut, whenever it is taken and wherever it goes on', () => {
    prove('live streams', (tally) =>
      fc.property(anyStream, delivery, (stream, cut) => {
        expect(runStreamWindows(stream, cut, tally)).toBeUndefined();
      }),
    );
  }, 3_600_000);
});
