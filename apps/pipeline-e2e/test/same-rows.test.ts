import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rejectsOf, windowDifferences } from './support/lake-rows.js';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { NOW, startEngines } from './support/engines.js';
import { streamEvents } from './support/stream-events.js';

const FULL = process.env['PULSELAKE_PROOF'] === 'full';
/** 30,000 events each, times this. */
const SCALE = FULL ? 7.5 : 0.5;
const SEEDS = FULL ? [1, 2, 3] : [Math.floor(Math.random() * 1000)];

describe('the same events through Flink and embedded', () => {
  test.each(SEEDS)('give the same rows, and what the generator expects (seed %i)', async (seed) => {
    const engines = await startEngines();
    const { data, lake, embedded } = engines;
    await pulselakeJson([
      'generate',
      '--preset',
      'faulty',
      '--seed',
      String(seed),
      '--scale',
      String(SCALE),
      '--now',
      NOW,
      '--out',
      data,
    ]);
    await pulselakeJson(['ingest', 'metrics', join(data, 'metrics'), '--now', NOW, '--lake', embedded]);
    await pulselakeJson(['ingest', 'events', join(data, 'events'), '--now', NOW, '--lake', embedded]);
    await pulselakeJson(['ingest', 'logs', join(data, 'access-logs'), '--lake', embedded]);
    const expected = await pulselake(['verify', '--expected', data, '--lake', embedded]);
    expect(expected.exitCode, expected.stdout).toBe(0);

    const { sent, delivered, account } = await streamEvents(engines);
    if (FULL) expect(sent).toBeGreaterThan(200_000);
    expect(account['late']).toBeGreaterThan(0);
    expect(account['windowsCorrected']).toBeGreaterThan(0);
    const before = await pulselake(['verify', '--lake', lake]);
    expect(before.exitCode, before.stdout).toBe(0);
    await pulselakeJson(['redrive', '--reason', 'late', '--now', NOW, '--lake', lake]);
    expect(await windowDifferences(embedded, lake)).toEqual([]);
    const tooLong = (texts: readonly string[]) =>
      texts.filter((text) => !(text.startsWith('too-long') && text.length > 8_000));
    expect(await rejectsOf(lake)).toEqual(tooLong(await rejectsOf(embedded)));
    const after = await pulselake(['verify', '--lake', lake]);
    expect(after.exitCode, after.stdout).toBe(0);
    process.stderr.write(
      `seed ${seed}: ${sent} records, ${delivered} windows, ${account['late'] ?? 0} late, ${account['windowsCorrected'] ?? 0} corrected\n`,
    );
  });
});
