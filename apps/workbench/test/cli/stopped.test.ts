import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accessLogChunks, createRandom, metricEventChunks, windowedMetricsCsvChunks } from '@pulselake/generators';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { event, type Kind, KINDS } from './support/records.js';
import { runProgram } from './support/run-program.js';
import { folderOfTest, makeFolder, SmallLake } from './support/small-lake.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SEED = Number(process.env['PULSELAKE_SEED'] ?? Date.now() % 1_000_000);
const RECORDS = 60_000;

const CHUNKS: Readonly<Record<Kind, () => Iterable<Uint8Array>>> = {
  metrics: () => windowedMetricsCsvChunks({ records: RECORDS, seed: 1, days: 3 }),
  events: () => metricEventChunks({ records: RECORDS, seed: 1, days: 3 }),
  logs: () => accessLogChunks({ records: RECORDS, seed: 1, days: 3 }),
};

let folder = '';
const paths = (kind: Kind) =>
  [1, 2, 3].map((part) => join(folder, `${kind}-${part}.${kind === 'metrics' ? 'csv' : 'txt'}`));

beforeAll(async () => {
  folder = await makeFolder();
  for (const kind of KINDS) {
    const lines = Buffer.concat([...CHUNKS[kind]()])
      .toString()
      .trimEnd()
      .split('\n');
    const header = kind === 'metrics' ? [lines.shift()!] : [];
    for (const [part, path] of paths(kind).entries()) {
      writeFileSync(path, `${[...header, ...lines.filter((_, index) => index % 3 === part)].join('\n')}\n`);
    }
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** What of a lake is there no matter how often its making was stopped. */
async function contentOf(lake: SmallLake): Promise<unknown> {
  return (await lake.state()).slice(0, 2);
}

describe.each([
  ['metrics', 'SIGINT'],
  ['events', 'SIGTERM'],
  ['logs', 'SIGHUP'],
] as const)('ingest %s that is stopped by %s', (kind, signal) => {
  let whole: SmallLake;
  let tookMs = 0;
  beforeAll(async () => {
    whole = new SmallLake(join(folder, `whole-${kind}`));
    const result = await runProgram(['--lake', whole.root, 'ingest', kind, ...paths(kind)]);
    expect(result.exitCode).toBe(0);
    tookMs = result.tookMs;
  });

  test(`at any time ends clean, and the next run brings the rest (seed ${SEED})`, async () => {
    const stopped = new SmallLake(join(await folderOfTest(), 'lake'));
    const afterMs = createRandom(SEED).fork(`${kind} ${signal}`).next() * tookMs;
    const args = ['--lake', stopped.root, 'ingest', kind, ...paths(kind)];
    const result = await runProgram(args, { signals: [{ afterMs, signal }] });
    // Before the program is loaded a signal ends it as it ends any program.
    if (result.signal !== null) expect([result.signal, existsSync(stopped.root)]).toEqual([signal, false]);
    else
      expect([
        [0, ''],
        [1, 'Stopped.\n'],
      ]).toContainEqual([result.exitCode, result.exitCode === 0 ? '' : result.stderr.slice(-9)]);
    expect(result.stderr).not.toMatch(/^\s+at |bug in pulselake/m);
    if (existsSync(stopped.root)) expect(await stopped.verify()).toMatchObject({ exitCode: 0, stderr: '' });
    const { exitCode, stderr } = await runProgram(args);
    expect(exitCode, stderr).toBe(0);
    expect(await contentOf(stopped)).toEqual(await contentOf(whole));
    expect((await stopped.verify()).exitCode).toBe(0);
  });
});

describe('a stream that is stopped', () => {
  test.each(SIGNALS)('by %s commits what it has read and ends well', async (signal) => {
    const lake = new SmallLake(join(await folderOfTest(), 'lake'));
    const { exitCode, stderr } = await runProgram(['--lake', lake.root, 'ingest', 'events', '-'], {
      stdin: `${event('10:00:00')}\n{torn\n${event('10:00:01')}`,
      keepsOpen: true,
      signals: [{ afterMs: 2500, signal }],
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics_current')).toBe(2);
    expect(await lake.number('SELECT count(*) FROM rejected_records')).toBe(1);
    expect(await lake.keys('_journal')).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

test('serve ends well by a signal', async () => {
  const lake = new SmallLake(join(await folderOfTest(), 'lake'));
  await runProgram(['--lake', lake.root, 'ingest', 'events', '-'], { stdin: event('10:00:00') });
  const served = await runProgram(['--lake', lake.root, 'serve', '--port', '0'], {
    signals: [{ afterMs: 2500, signal: 'SIGTERM' }],
  });
  expect(served.exitCode).toBe(0);
  expect(served.stderr).not.toMatch(/^\s+at |bug in pulselake/m);
});

test('a second signal ends it at once, and the next command cleans up', async () => {
  const lake = new SmallLake(join(await folderOfTest(), 'lake'));
  const { exitCode } = await runProgram(['--lake', lake.root, 'ingest', 'events', ...paths('events')], {
    signals: [
      { afterMs: 600, signal: 'SIGINT' },
      { afterMs: 0, signal: 'SIGINT' },
    ],
  });
  expect([0, 1, 130, null]).toContain(exitCode);
  expect((await runProgram(['--lake', lake.root, 'ingest', 'events', ...paths('events')])).exitCode).toBe(0);
  expect((await lake.verify()).exitCode).toBe(0);
  expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics_current')).toBe(RECORDS);
});
