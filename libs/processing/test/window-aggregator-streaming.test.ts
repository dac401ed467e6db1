import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReferenceWindows } from './support/reference-windows.js';
import { aggregatorOf, parsed, SERIES, type TestEvent } from './support/window-events.js';

type Step =
  | {
      readonly kind: 'event';
      readonly afterMs: number;
      readonly lagMs: number;
      readonly event: Omit<TestEvent, 'timestampMs'>;
    }
  | { readonly kind: 'tick'; readonly afterMs: number };

/** Short windows, so that a few events meet every rule. */
const settings: fc.Arbitrary<WindowSettings> = fc.record({
  windowSizeSeconds: fc.constantFrom(1, 7, 10),
  outOfOrdernessSeconds: fc.constantFrom(0, 3),
  idleTimeoutSeconds: fc.constantFrom(1, 15),
  allowedLatenessSeconds: fc.constantFrom(0, 4, 20),
  maxFutureSkewSeconds: fc.constantFrom(0, 12),
});

/** How far an event's time lies behind the clock: on time, disordered, late, far too late, ahead, far ahead. */
const lagMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -500, max: 2_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 10_000, max: 60_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -15_000, max: 0 }) },
  { weight: 1, arbitrary: fc.constantFrom(-86_400_000, 86_400_000, -12_000, -12_001) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      afterMs: fc.oneof(fc.nat(3_000), fc.nat(100), fc.nat(100)),
      lagMs,
      event: fc.record(
        {
          series: fc.nat(SERIES.length - 1),
          value: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0.1, -0, 1e16, -1e16, 1e308, -1e308)),
          id: fc.constantFrom('a', 'b'),
        },
        { requiredKeys: ['series', 'value'] },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tick' as const), afterMs: fc.nat(25_000) }),
  },
);
const startMs = fc.constantFrom(-20_000, -1_234_567_890_123, Date.parse('2024-05-01T12:00:00Z'));

const RUNS = 2_000;

describe('streaming windows of one input', () => {
  test('are those of a slow model, at every step and to the last bit, also when they go on from a state', () => {
    const seen = new Map<string, number>();
    let runs = 0;
    const all = fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(settings, startMs, all, (own, start, steps) => {
        runs++;
        const { aggregator: first, written, resumed } = aggregatorOf('streaming', own);
        let aggregator = first;
        const input = aggregator.openInput(start);
        const model = new ReferenceWindows(own, start);
        let nowMs = start;
        for (const [taken, isResumed] of steps) {
          if (isResumed) aggregator = resumed(aggregator);
          nowMs += taken.afterMs;
          if (taken.kind === 'tick') {
            aggregator.advanceClock(nowMs);
            model.tick(nowMs);
          } else {
            const event = { ...taken.event, timestampMs: nowMs - taken.lagMs };
            const outcome = aggregator.add(input, parsed(event), nowMs);
            expect(outcome).toBe(model.add(event, nowMs));
            seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
          }
          expect(written).toEqual(model.written);
          expect(aggregator.watermarkMs).toBe(model.watermarkMs);
          expect(aggregator.openEvents).toBe(model.openEvents);
          expect(aggregator.heldWindows).toBe(model.heldWindows);
        }
        aggregator.finish();
        model.finish();
        expect(written).toEqual(model.written);
        expect(aggregator.openEvents).toBe(0);
        expect(aggregator.heldWindows).toBe(0);
        const corrections = written.filter(({ revision }) => revision > 0).length;
        expect(aggregator.corrections).toBe(corrections);
        seen.set('correction', (seen.get('correction') ?? 0) + corrections);
      }),
      { numRuns: RUNS },
    );
    // Each outcome was met often, unless it was all cut short.
    if (runs < RUNS) return;
    for (const outcome of ['accepted', 'duplicate', 'late', 'future', 'correction']) {
      expect([outcome, (seen.get(outcome) ?? 0) > 500]).toEqual([outcome, true]);
    }
  });

  test('account for every accepted event in the last revision of its window', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(5_000_000)), { maxLength: 60 }), (events) => {
        const { aggregator, written } = aggregatorOf('streaming');
        const input = aggregator.openInput(0);
        let accepted = 0;
        for (const [series, timestampMs] of events) {
          if (aggregator.add(input, parsed({ series, timestampMs }), 5_000_000) === 'accepted') accepted++;
          const last = new Map(written.map((window) => [`${window.series} ${window.fromMs}`, window.sampleCount]));
          const inWindows = [...last.values()].reduce((sum, count) => sum + count, 0);
          expect(inWindows + aggregator.openEvents).toBe(accepted);
        }
      }),
      { numRuns: 500 },
    );
  });

  const lastInstant = 300_000 - 1;

  test('are written by the event that moves the watermark to their last instant, and not by the one before', () => {
    const { aggregator, written } = aggregatorOf('streaming');
    const input = aggregator.openInput(0);
    aggregator.add(input, parsed({ timestampMs: 0 }), 400_000);
    aggregator.add(input, parsed({ timestampMs: lastInstant + 30_000 }), 400_000);
    expect(written).toHaveLength(0);
    aggregator.add(input, parsed({ timestampMs: lastInstant + 30_001 }), 400_000);
    expect(written).toHaveLength(1);
    expect(aggregator.watermarkMs).toBe(lastInstant);
  });

  test('take late events up to the last millisecond of the allowed lateness', () => {
    for (const [timestampMs, outcome] of [
      [lastInstant + 600_000 + 30_000, 'accepted'],
      [lastInstant + 600_000 + 30_001, 'late'],
    ] as const) {
      const { aggregator, written } = aggregatorOf('streaming');
      const input = aggregator.openInput(0);
      aggregator.add(input, parsed({ timestampMs: 0, value: 5 }), 1_000_000);
      aggregator.add(input, parsed({ timestampMs }), 1_000_000);
      expect(aggregator.add(input, parsed({ timestampMs: lastInstant, value: 2 }), 1_000_000)).toBe(outcome);
      const ofFirst = written.filter(({ fromMs }) => fromMs === 0);
      expect(ofFirst.map(({ revision, sampleCount }) => [revision, sampleCount])).toEqual(
        outcome === 'late'
          ? [[0, 1]]
          : [
              [0, 1],
              [1, 2],
            ],
      );
    }
  });

  test('take an event exactly as far ahead of the clock as allowed, and fail on one a millisecond further', () => {
    const { aggregator } = aggregatorOf('streaming');
    const input = aggregator.openInput(0);
    expect(aggregator.add(input, parsed({ timestampMs: 300_001 }), 0)).toBe('future');
    expect(aggregator.watermarkMs).toBe(-Infinity);
    expect(aggregator.add(input, parsed({ timestampMs: 300_000 }), 0)).toBe('accepted');
  });

  test('start by floor division before 1970', () => {
    const { aggregator, written } = aggregatorOf('streaming');
    const input = aggregator.openInput(0);
    for (const timestampMs of [-1, -300_000, -300_001]) aggregator.add(input, parsed({ timestampMs }), 0);
    aggregator.finish();
    expect(written.map(({ fromMs, toMs, sampleCount }) => [fromMs, toMs, sampleCount])).toEqual([
      [-600_000, -300_000, 1],
      [-300_000, 0, 2],
    ]);
  });

  test('count an id again in another window, and in another series', () => {
    const { aggregator } = aggregatorOf('streaming');
    const input = aggregator.openInput(0);
    const add = (event: TestEvent) => aggregator.add(input, parsed({ id: 'x', ...event }), 1_000_000);
    expect(add({ timestampMs: 0 })).toBe('accepted');
    expect(add({ timestampMs: 1_000 })).toBe('duplicate');
    expect(add({ timestampMs: 0, series: 1 })).toBe('accepted');
    expect(add({ timestampMs: 300_000 })).toBe('accepted');
    expect(add({ timestampMs: 299_999, series: 1 })).toBe('duplicate');
  });

  test('use the defaults of the data model in these examples', () => {
    expect(DEFAULT_WINDOW_SETTINGS).toEqual({
      windowSizeSeconds: 300,
      outOfOrdernessSeconds: 30,
      idleTimeoutSeconds: 60,
      allowedLatenessSeconds: 600,
      maxFutureSkewSeconds: 300,
    });
  });
});
