import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunCounts } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import { fitting, lateOnesLast, recordsOfShards } from './support/event-files.js';
import { rejectsOf, windowDifferences } from './support/lake-rows.js';
import { EMULATOR_ENV, pulselake, pulselakeJson, workspace } from './support/run-program.js';
import { NOW, startEngines } from './support/engines.js';

const FULL = process.env['PULSELAKE_PROOF'] === 'full';
const KILLS = FULL ? 20 : 3;

describe('events of a stream, ingested without Flink', () => {
  test(`are each counted once, whatever happens: ${KILLS} kills at random moments`, async () => {
    const { data, lake, embedded, kinesis } = await startEngines();
    const scale = ['--scale', FULL ? '4' : '0.5'];
    await pulselakeJson(['generate', '--preset', 'faulty', '--seed', '4', ...scale, '--now', NOW, '--out', data]);
    await pulselakeJson(['ingest', 'events', join(data, 'events'), '--now', NOW, '--lake', embedded]);
    const shards = (await recordsOfShards(join(data, 'events'))).map((records) => lateOnesLast(fitting(records), NOW));
    await kinesis.makeStream('metric-events', 2);
    const command = ['ingest', 'events', '--kinesis', 'metric-events', '--endpoint', kinesis.endpoint];
    const ingest = [...command, '--now', NOW, '--lake', lake];

    let sent = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const part = shards.map(({ punctual }) => {
        const [start, end] = [kill, kill + 1].map((at) => Math.floor((punctual.length * at) / KILLS));
        return punctual.slice(start, end);
      });
      const child = spawn('node', [`${workspace}/apps/workbench/bin/pulselake.js`, ...ingest], {
        env: { ...process.env, ...EMULATOR_ENV, NODE_NO_WARNINGS: '1' },
        stdio: 'ignore',
      });
      const [put] = await Promise.all([
        kinesis.putSideBySide('metric-events', part),
        sleep(400 + Math.random() * 3000),
      ]);
      sent += put;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await pulselakeJson([...ingest, '--until-caught-up']);
    sent += await kinesis.putSideBySide(
      'metric-events',
      shards.map(({ late }) => late),
    );
    await pulselakeJson([...ingest, '--until-caught-up']);

    const proof = await pulselake(['verify', '--lake', lake]);
    expect(proof.exitCode, proof.stdout).toBe(0);
    const { runs } = await pulselakeJson<{ runs: { counts: RunCounts }[] }>([
      'runs',
      '--limit',
      '1000',
      '--lake',
      lake,
    ]);
    expect(runs.reduce((sum, { counts }) => sum + counts.read, 0)).toBe(sent);
    await pulselakeJson(['redrive', '--reason', 'late', '--now', NOW, '--lake', lake]);
    expect(await windowDifferences(embedded, lake)).toEqual([]);
    const expected = (await rejectsOf(embedded)).filter(
      (text) => !(text.startsWith('too-long') && text.length > 8_000),
    );
    expect(await rejectsOf(lake)).toEqual(expected);

    const again = await pulselakeJson<{ counts: RunCounts }>([...ingest, '--until-caught-up']);
    expect(again.counts.read).toBe(0);
  });
});
