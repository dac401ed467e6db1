import { describe, expect, test } from 'vitest';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { startEngines } from './support/engines.js';

const EVENT = Buffer.from(
  '{"componentName":"cart","metricName":"latency","unit":"ms","value":1,"publicationTimestamp":"2026-05-20T12:00:00Z"}',
);

describe('a stream that is not there', () => {
  test('ends the job, which says which it is', async () => {
    const { kinesis, job } = await startEngines();
    await kinesis.makeStream('windowed-metrics', 1);
    job.start();
    const { exitCode, log } = await job.ended(120_000);
    expect(exitCode).toBe(1);
    expect(log).toContain('metric-events');
  });

  test('ends the job also when it is deleted while it is read', async () => {
    const { kinesis, job } = await startEngines();
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
    const { kinesis, lake } = await startEngines();
    const { exitCode, stderr } = await pulselake([
      ...[...command, '--kinesis', 'nowhere', '--endpoint', kinesis.endpoint],
      ...['--until-caught-up', '--lake', lake],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nowhere');
    expect(stderr).not.toContain('bug in pulselake');
  });

  test('is not one without records: nothing is delivered, and that is no failure', async () => {
    const { kinesis, lake } = await startEngines();
    await kinesis.makeStream('windowed-metrics', 2);
    const delivered = await pulselakeJson<{ read: number }>([
      ...['deliver', '--kinesis', 'windowed-metrics', '--endpoint', kinesis.endpoint],
      ...['--until-caught-up', '--lake', lake],
    ]);
    expect(delivered.read).toBe(0);
    expect((await pulselake(['verify', '--lake', lake])).exitCode).toBe(0);
  });
});
