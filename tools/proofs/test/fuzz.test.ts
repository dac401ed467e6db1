import { createRandom } from '@pulselake/generators';
import { describe, expect, test } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { fuzzParser } from '../src/fuzz/fuzz-parsers.js';
import { fuzzSubjects } from '../src/fuzz/subjects.js';

/** Inputs per parser: a million and more over all of them. */
const CASES = amountOf({ full: 210_000, small: 4_000 });
const HANG_MS = 2_000;

describe.each(fuzzSubjects(SEED).map((subject) => [subject.name, subject] as const))('%s', (name, subject) => {
  test('that are damaged anyhow: no crash, no hang, every record counted once and judged as the rules say', () => {
    const { faults, cases, records, taken, slowestMs } = fuzzParser(subject, CASES, createRandom(SEED).fork(name));
    report(`fuzz of ${name}`, { cases, records, taken, 'slowest case in ms': Math.ceil(slowestMs) });
    expect(faults).toEqual([]);
    expect(slowestMs).toBeLessThan(HANG_MS);
    // Both sides were met.
    expect(taken).toBeGreaterThan(records / 10);
    expect(records - taken).toBeGreaterThan(records / 10);
  }, 3_600_000);
});
