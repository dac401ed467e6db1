import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EmulatedKinesis } from './emulated-kinesis.js';
import { FlinkJob } from './flink-job.js';

/** The instant that all tests call now: a minute before its window ends. */
export const NOW = '2026-05-20T12:04:00.000Z';

/** What a test works with, gone when it has finished. */
export interface Engines {
  readonly folder: string;
  /** Folder of the data set, where there is one. */
  readonly data: string;
  /** The lake that the engines write. */
  readonly lake: string;
  /** The lake of the embedded run. */
  readonly embedded: string;
  readonly kinesis: EmulatedKinesis;
  /** The Flink job, not started yet. */
  readonly job: FlinkJob;
}

/** @param settings of the job, beside the streams and `now` */
export async function startEngines(settings: Readonly<Record<string, string>> = {}): Promise<Engines> {
  const folder = await mkdtemp(join(tmpdir(), 'pulselake-e2e-'));
  const kinesis = await EmulatedKinesis.start();
  const lake = join(folder, 'lake');
  const job = new FlinkJob({ endpoint: kinesis.endpoint, folder, lake, now: NOW, settings });
  onTestFinished(async () => {
    await job.kill();
    await kinesis.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, data: join(folder, 'data'), lake, embedded: join(folder, 'embedded'), kinesis, job };
}
