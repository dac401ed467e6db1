import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeArtifactStore, FakeIo, type FakeIoOptions, FakeSparkJobs } from '@pulselake/job-control/fakes';
import { onTestFinished } from 'vitest';
import { runTraffic } from '../../control/index.js';

export interface World {
  readonly io: FakeIo;
  readonly spark: FakeSparkJobs;
  readonly store: FakeArtifactStore;
  readonly run: (...args: readonly string[]) => Promise<{ exitCode: number; out: string; err: string }>;
}

/** The command on fakes of the services, in a project as it is packaged. Time passes by waiting only. */
export async function world(options: FakeIoOptions = {}): Promise<World> {
  const io = new FakeIo({ home: await project(), ...options });
  const spark = new FakeSparkJobs(io.clock);
  const store = new FakeArtifactStore(['artifacts']);
  const destroy = () => undefined;
  return {
    io,
    spark,
    store,
    async run(...args) {
      io.out = io.err = '';
      const exitCode = await runTraffic(args, io, {
        artifacts: () => ({ service: store, destroy }),
        spark: () => ({ service: spark, destroy }),
      });
      return { exitCode, out: io.out, err: io.err };
    },
  };
}

export const UPLOAD = ['upload', '--bucket', 'artifacts', '--prefix', 'jobs/'];

/** The same, with the package in its bucket. */
export async function uploadedWorld(options: FakeIoOptions = {}): Promise<World> {
  const made = await world();
  await made.run(...UPLOAD);
  const next = await world({ ...options, home: made.io.home });
  for (const [name, object] of made.store.objects) next.store.objects.set(name, object);
  return next;
}

export async function project(module = 'print("hello")\n'): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'pulselake-traffic-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, 'traffic_report'));
  await writeFile(join(home, 'main.py'), 'from traffic_report import job\n');
  await writeFile(join(home, 'traffic_report', 'job.py'), module);
  return home;
}
