import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accessLogChunks, createRandom, metricEventChunks, windowedMetricsCsvChunks } from '@pulselake/generators';
import { DuckDbQueryEngine, Lake, verifyLake } from '@pulselake/lake';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Kills per stage: few in every run, hundreds before a release. */
const KILLS = Number(process.env['PULSELAKE_KILLS'] ?? 4);
const SEED = Number(process.env['PULSELAKE_SEED'] ?? Date.now() % 1_000_000);
const BIN = fileURLToPath(new URL('../../bin/pulselake.js', import.meta.url));
const RECORDS = 40_000;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulselake-killed-'));
  const write = (name: string, chunks: Iterable<Uint8Array>) =>
    writeFileSync(join(folder, name), Buffer.concat([...chunks]));
  for (const seed of [1, 2, 3]) {
    const startMs = Date.UTC(2024, 1, 26 + seed);
    write(`metrics-${seed}.csv`, windowedMetricsCsvChunks({ records: RECORDS, seed, startMs, days: 2 }));
    write(
      `events-${seed}.ndjson`,
      metricEventChunks({ records: RECORDS, seed, startMs, days: 2, withIds: true, idPrefix: `s${seed}-` }),
    );
    write(`service-${seed}-2024-02-2${6 + seed}.txt`, accessLogChunks({ records: RECORDS, seed, startMs, days: 2 }));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const DIE_AT_CALL = new URL('../support/die-at-call.mjs', import.meta.url).href;

interface RunOptions {
  /** Milliseconds after which it is killed. */
  readonly killAfterMs?: number;
  /** The call of the file system at which it kills itself; 0 counts them. */
  readonly dieAtCall?: number;
}

function start(args: readonly string[], { dieAtCall }: RunOptions = {}) {
  const preload = dieAtCall === undefined ? [] : ['--import', DIE_AT_CALL];
  const env = dieAtCall === undefined ? process.env : { ...process.env, DIE_AT_CALL: String(dieAtCall) };
  return spawn(process.execPath, [...preload, BIN, ...args], { stdio: ['pipe', 'ignore', 'pipe'], env });
}

/** Runs a command to its end, or until it is killed. */
async function runFor(args: readonly string[], options: RunOptions = {}): Promise<{ killed: boolean; stderr: string }> {
  const child = start(args, options);
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end();
  if (options.killAfterMs !== undefined) {
    await Promise.race([sleep(options.killAfterMs), closed]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await closed;
  if (signal === null) expect(code, stderr).toBe(0);
  return { killed: signal !== null, stderr };
}

async function ask(root: string, sql: string) {
  const engine = await DuckDbQueryEngine.open(root);
  try {
    return (await engine.query(sql)).rows;
  } finally {
    await engine.close();
  }
}

/** All that a reader sees, without what tells one run from another. */
async function contentOf(root: string) {
  return {
    windows: await ask(root, 'SELECT * EXCLUDE (emitted_at) FROM windowed_metrics_current ORDER BY ALL'),
    traffic: await ask(root, 'SELECT * FROM traffic_reports ORDER BY ALL'),
    rejected: await ask(root, 'SELECT reason, raw FROM rejected_records ORDER BY ALL'),
  };
}

async function problemsOf(root: string) {
  const lake = await Lake.open(root, { command: 'test', clock: () => Date.now() });
  return (await verifyLake(lake)).problems;
}

describe.each([
  ['metrics', 'metrics-*.csv'],
  ['events', 'events-*.ndjson'],
  ['logs', 'service-*.txt'],
])('ingest %s killed at any moment', (kind, files) => {
  it(`ends, when it is run again, where an undisturbed run ends (${KILLS} kills, seed ${SEED})`, async () => {
    const random = createRandom(SEED).fork(kind);
    const args = (root: string) => ['--lake', root, 'ingest', kind, join(folder, files)];
    const undisturbed = join(folder, `${kind}-undisturbed`);
    const started = performance.now();
    const { stderr } = await runFor(args(undisturbed), { dieAtCall: 0 });
    const tookMs = performance.now() - started;
    const calls = Number(/calls (\d+)/.exec(stderr)![1]);
    expect(calls).toBeGreaterThan(20);
    const expected = await contentOf(undisturbed);
    for (let kills = 0; kills < KILLS;) {
      const root = join(folder, `${kind}-killed`);
      // Some lakes are killed more than once on their way; half the kills come by the clock, half at a call.
      do {
        const options =
          random.next() < 0.5 ? { killAfterMs: random.next() * tookMs * 1.1 } : { dieAtCall: random.int(1, calls) };
        if ((await runFor(args(root), options)).killed) kills++;
      } while (random.next() < 0.3);
      await runFor(args(root));
      expect(await problemsOf(root)).toEqual([]);
      expect(await contentOf(root)).toEqual(expected);
      await rm(root, { recursive: true });
    }
  }, 3_600_000);
});

describe('a stream killed at any moment', () => {
  it(`keeps what it had synced, once (${KILLS} kills, seed ${SEED})`, async () => {
    const random = createRandom(SEED).fork('stream');
    const lines = Buffer.concat([...metricEventChunks({ records: 20_000, seed: 5, days: 1 })])
      .toString()
      .split('\n')
      .slice(0, -1);
    const values = lines.map((line) => (JSON.parse(line) as { value: number }).value);
    for (let kills = 0; kills < KILLS; kills++) {
      const root = join(folder, 'stream-killed');
      const child = start(['--lake', root, 'ingest', 'events', '-']);
      const closed = once(child, 'close');
      child.stdin.on('error', () => undefined);
      const killAtMs = performance.now() + 500 + random.next() * 2500;
      let fed = 0;
      while (performance.now() < killAtMs && fed < lines.length) {
        const next = Math.min(lines.length, fed + 200);
        child.stdin.write(`${lines.slice(fed, next).join('\n')}\n`);
        fed = next;
        await sleep(20);
      }
      child.kill('SIGKILL');
      await closed;
      // The next stream brings the dead one's journal in; it has no event of its own.
      await runFor(['--lake', root, 'ingest', 'events', '-']);
      expect(await problemsOf(root)).toEqual([]);
      const [[count, sum]] = (await ask(
        root,
        'SELECT coalesce(sum(sample_count), 0)::BIGINT, coalesce(sum(sum_value), 0) FROM windowed_metrics_current',
      )) as [[number, number]];
      // What is there is a prefix of what was fed: nothing in between is lost, nothing is there twice.
      expect(count).toBeLessThanOrEqual(fed);
      const prefix = values.slice(0, count).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - prefix)).toBeLessThanOrEqual(1e-9 * Math.max(1, prefix));
      await rm(root, { recursive: true });
    }
  }, 3_600_000);
});
