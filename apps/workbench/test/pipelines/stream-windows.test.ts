import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import type { WindowResult } from '@pulselake/processing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../src/pipelines/stream-state.js';
import { StreamWindows } from '../../src/pipelines/stream-windows.js';
import { event } from '../cli/support/records.js';

const NOTHING_COMMITTED = { commits: 0, rejected: 0, rejectedByReason: {} };
const START_MS = Date.parse('2024-05-31T10:00:00Z');

/** Lines of an hour that arrive within the same hour: punctual, late, repeated, torn. */
const line = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 0, max: 3600 }),
      fc.integer({ min: -9, max: 9 }),
      fc.option(fc.integer({ min: 0, max: 5 })),
    )
    .map(([second, value, id]) =>
      event(new Date(START_MS + second * 1000).toISOString(), value, {
        componentName: `c-${second % 7}`,
        ...(id !== null && { eventId: `id-${id}` }),
      }),
    ),
  fc.constantFrom('torn', '{}', '', '[]', 'é'.repeat(600_000)),
);

interface Way {
  /** Where the bytes are cut, as shares of their length. */
  readonly cuts: readonly number[];
  /** After which pieces the results are taken. */
  readonly takes: readonly number[];
  /** After which pieces it goes on from its state, once that was text. */
  readonly resumes: readonly number[];
}

const way: fc.Arbitrary<Way> = fc.record({
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
  takes: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
  resumes: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
});

/** Sends bytes through at one instant, cut and taken in a certain way. */
function pass(bytes: Buffer, { cuts, takes, resumes }: Way) {
  let windows = StreamWindows.start(DEFAULT_WINDOW_SETTINGS, START_MS);
  const latest = new Map<string, WindowResult>();
  const reasons: string[] = [];
  const take = () => {
    const results = windows.takeResults();
    for (const window of results.windows) {
      const { componentName } = results.series.get(window.series);
      const earlier = latest.get(`${componentName} ${window.fromMs}`);
      expect(window.revision).toBeGreaterThan(earlier?.revision ?? -1);
      latest.set(`${componentName} ${window.fromMs}`, window);
    }
    for (const { reason, line: number } of results.rejected) reasons.push(`${number} ${reason}`);
    const { read, accepted, duplicate, open } = results.account;
    // What is taken balances at every moment.
    expect(accepted + duplicate + reasons.length).toBe(read);
    expect([...latest.values()].reduce((sum, window) => sum + window.sampleCount, 0) + open).toBe(accepted);
  };
  const ends = [...cuts].sort((a, b) => a - b).map((share) => Math.floor(share * bytes.length));
  for (const [piece, end] of [...ends, bytes.length].entries()) {
    windows.push(bytes.subarray(ends[piece - 1] ?? 0, end), START_MS + 3_600_000);
    if (takes.includes(piece)) take();
    if (resumes.includes(piece)) {
      const parts = encodeSnapshot({ windows: windows.state(), committed: NOTHING_COMMITTED });
      windows = StreamWindows.resume(DEFAULT_WINDOW_SETTINGS, decodeSnapshot(parts).windows);
    }
  }
  windows.finish();
  take();
  const rows = [...latest].map(([key, { minValue, maxValue, sumValue, sampleCount }]) =>
    [key, minValue, maxValue, sumValue, sampleCount].join(),
  );
  return { rows: rows.sort(), reasons, account: windows.account };
}

test('a stream ends alike however its bytes are cut, whenever its results are taken and its state is', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), way, (lines, cutAndTaken) => {
      const bytes = Buffer.from(lines.join('\n'));
      expect(pass(bytes, cutAndTaken)).toEqual(pass(bytes, { cuts: [], takes: [], resumes: [] }));
    }),
    { numRuns: 300 },
  );
});
