import { parseInstant } from '@pulselake/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liveEventLines } from '../src/index.js';

const FROM_MS = Date.UTC(2026, 10, 22, 12);

describe('liveEventLines', () => {
  it('gives each series an event per interval, in order of time', () => {
    const events = [...liveEventLines({ seed: 7, fromMs: FROM_MS, toMs: FROM_MS + 10_000 })].map(
      (line) => JSON.parse(line) as { publicationTimestamp: string; eventId: string; componentName: string },
    );
    expect(events).toHaveLength(5 * 4 * 2);
    const times = events.map(({ publicationTimestamp }) => parseInstant(publicationTimestamp)!);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(times[0]).toBeGreaterThanOrEqual(FROM_MS);
    expect(times.at(-1)).toBeLessThan(FROM_MS + 10_000);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(40);
  });

  it('gives the same events however an interval is cut', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 5 }), (seed, cuts) => {
        const ends = [...cuts, 20_000].sort((left, right) => left - right);
        let fromMs = FROM_MS;
        const parts = ends.flatMap((end) => {
          const part = [...liveEventLines({ seed, fromMs, toMs: FROM_MS + end, intervalMs: 7000 })];
          fromMs = FROM_MS + end;
          return part;
        });
        expect(parts).toEqual([...liveEventLines({ seed, fromMs: FROM_MS, toMs: FROM_MS + 20_000, intervalMs: 7000 })]);
      }),
      { numRuns: 30 },
    );
  });

  it('fails on an interval below a millisecond', () => {
    expect(() => [...liveEventLines({ seed: 1, fromMs: 0, toMs: 1, intervalMs: 0 })]).toThrow('intervalMs is 0');
  });
});
