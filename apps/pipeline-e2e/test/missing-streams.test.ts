import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmulatedKinesis } from './support/emulated-kinesis.js';
import { FlinkJob } from './support/flink-job.js';
import { pulselake, pulselakeJson } from './support/run-program.js';

const NOW = '2026-05-20T12:04:00.000Z';
const EVENT = Buffer.from(
  '{"componentName":"cart","metricName":"latency","unit":"ms","value":1,"publicationTimestamp":"2026-05-20T12:00:00Z"}',
);

describe('a stream that is not there', () => {
  let folder: string;
  let lake: string;
  let kinesis: EmulatedKinesis;
  let job: FlinkJob;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulselake-e2e-'));
    lake = join(folder, 'lake');
    kinesis = await EmulatedKinesis.start();
    job = new FlinkJob({ endpoint: kinesis.endpoint, folder, lake, now: NOW });
  });

  afterEach(async () => {
    await job.kill();
    await kinesis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('ends the job, which says which it is', async () => {
    await kinesis.makeStream('windowed-metrics', 1);
    job.start();
    const { exitCode, log } = await job.ended(120_000);
    expect(exitCode).toBe(1);
    expect(log).toContain('metric-events');
  });

  test('ends the job also when it is deleted while it is read', async () => {
    await kinesis.makeStream('metric-events', 1);
    await kinesis.makeStream('windowed-metrics', 1);
    await kinesis.put('metric-events', 0, [EVENT]);
    job.start();
    await job.until(({ read }) => read === 1);
    await kinesis.deleteStream('metric-events');
    const { exitCode, log } = await job.ended(240_000);
    expect(exitCode).toBe(1);
    expect(log).toContain('metric-events');
  });

  test.each([
    ['deliver', ['deliver']],
    ['ingest events', ['ingest', 'events']],
  ])('fails %s with a message', async (_name, command) => {
    const { exitCode, stderr } = await pulselake([
      ...[...command, '--kinesis', 'nowhere', '--endpoint', kinesis.endpoint],
      ...['--until-caught-up', '--lake', lake],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nowhere');
    expect(stderr).not.toContain('bug in pulselake');
  });

  test('is not one without records: nothing is delivered, and that is no failure', async () => {
    await kinesis.makeStream('windowed-metrics', 2);
    const delivered = await pulselakeJson<{ read: number }>([
      ...['deliver', '--kinesis', 'windowed-metrics', '--endpoint', kinesis.endpoint],
      ...['--until-caught-up', '--lake', lake],
    ]);
    expect(delivered.read).toBe(0);
    expect((await pulselake(['verify', '--lake', lake])).exitCode).toBe(0);
  });
});
