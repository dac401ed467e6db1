import type { WindowSettings } from '@pulselake/data-model';
import fc from 'fast-check';
import type { StreamEvent } from './model-windows.js';

/** What happens next in a stream. */
export type StreamStep =
  | { readonly kind: 'event'; readonly shard: number; readonly atMs: number; readonly event: StreamEvent }
  /** The clock alone. */
  | { readonly kind: 'clock'; readonly atMs: number }
  /** A line that is no event. */
  | { readonly kind: 'torn'; readonly atMs: number; readonly text: string };

export interface AnyStream {
  readonly settings: WindowSettings;
  readonly shards: number;
  readonly startMs: number;
  readonly steps: readonly StreamStep[];
}

/** Short windows, so that a few events meet every rule; the defaults among them. */
const settings: fc.Arbitrary<WindowSettings> = fc.record({
  windowSizeSeconds: fc.constantFrom(1, 7, 60, 300),
  outOfOrdernessSeconds: fc.constantFrom(0, 3, 30),
  idleTimeoutSeconds: fc.constantFrom(1, 15, 60),
  allowedLatenessSeconds: fc.constantFrom(0, 4, 20, 600),
  maxFutureSkewSeconds: fc.constantFrom(0, 12, 300),
});

const SERIES = ['cart', 'cart-2', 'pay'];
const START_MS = [Date.parse('2024-05-31T23:55:00Z'), -20_000, 1];

/** How far an event's time lies behind the clock: on time, in disorder, late, too late, ahead, and from a broken clock. */
const lag = (unitMs: number) =>
  fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 0, max: unitMs }) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 5 * unitMs }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 30 * unitMs }) },
    { weight: 1, arbitrary: fc.integer({ min: -2 * unitMs, max: 0 }) },
    { weight: 1, arbitrary: fc.constantFrom(-86_400_000, 86_400_000, -12_000, -12_001, -300_000, -300_001) },
  );

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 2, arbitrary: fc.constantFrom(0.1, 0.2, 1e16, -1e16, 1e-300) },
);

/** Now and then the clock stands still, and now and then it is set back. */
const passed = (unitMs: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: unitMs }) },
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 * unitMs }) },
    { weight: 1, arbitrary: fc.integer({ min: -5 * unitMs, max: 0 }) },
  );

const TORN = ['{', '[]', '{"componentName":"cart"}', 'NaN', '\u0000'];

/** Streams of up to three shards: events in disorder, repeated, delayed and with bad clocks, between steps of the clock. */
export const anyStream: fc.Arbitrary<AnyStream> = fc
  .record({ settings, shards: fc.integer({ min: 1, max: 3 }), startMs: fc.constantFrom(...START_MS) })
  .chain((frame) => {
    const unitMs = Math.max(frame.settings.windowSizeSeconds, frame.settings.outOfOrdernessSeconds) * 500;
    const step = fc.record({
      what: fc.oneof(
        { weight: 12, arbitrary: fc.constant('event' as const) },
        { weight: 2, arbitrary: fc.constant('repeat' as const) },
        { weight: 2, arbitrary: fc.constant('clock' as const) },
        { weight: 1, arbitrary: fc.constant('torn' as const) },
      ),
      passedMs: passed(unitMs),
      lagMs: lag(unitMs),
      edge: fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: fc.constantFrom(0, 0, 1) },
      ),
      shard: fc.nat(frame.shards - 1),
      series: fc.constantFrom(...SERIES),
      value,
      id: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 2 }),
      which: fc.nat(),
    });
    return fc.array(step, { maxLength: 50, size: 'max' }).map((drafts) => {
      const steps: StreamStep[] = [];
      const events: StreamEvent[] = [];
      let atMs = frame.startMs;
      for (const { what, passedMs, lagMs, edge, shard, series, value: own, id, which } of drafts) {
        atMs += passedMs;
        const earlier = what === 'repeat' && events.length > 0 ? events[which % events.length] : undefined;
        if (what === 'clock') steps.push({ kind: 'clock', atMs });
        else if (what === 'torn') steps.push({ kind: 'torn', atMs, text: TORN[which % TORN.length]! });
        else {
          // Every border of the rules lies on a whole second, or a millisecond before it.
          const timestampMs = edge === undefined ? atMs - lagMs : Math.floor((atMs - lagMs) / 1000) * 1000 - edge;
          const event = earlier ?? { series, timestampMs, value: own, ...(id !== undefined && { id }) };
          events.push(event);
          steps.push({ kind: 'event', shard, atMs, event });
        }
      }
      return { ...frame, steps };
    });
  });
