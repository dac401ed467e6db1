import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeArtifactStore, FakeGlueJobs, FakeIo, type FakeIoOptions } from '@pulselake/job-control/fakes';
import { onTestFinished } from 'vitest';
import { runEtl } from '../../control/index.js';

export interface World {
  readonly io: FakeIo;
  readonly glue: FakeGlueJobs;
  readonly store: FakeArtifactStore;
  readonly run: (...args: readonly string[]) => Promise<{ exitCode: number; out: string; err: string }>;
}

/** The command on fakes of the services. Time passes by waiting only. */
export function world(options: FakeIoOptions = {}): World {
  const io = new FakeIo(options);
  const glue = new FakeGlueJobs(io.clock);
  const store = new FakeArtifactStore(['artifacts']);
  const destroy = () => undefined;
  return {
    io,
    glue,
    store,
    async run(...args) {
      io.out = io.err = '';
      const exitCode = await runEtl(args, io, {
        artifacts: () => ({ service: store, destroy }),
        glue: () => ({ service: glue, destroy }),
      });
      return { exitCode, out: io.out, err: io.err };
    },
  };
}

/** A project as it is packaged. */
export async function project(module = 'print("hello")\n'): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'pulselake-etl-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, 'metrics_etl'));
  await writeFile(join(home, 'package.json'), '{"version": "0.1.0"}');
  await writeFile(join(home, 'job.py'), 'from metrics_etl import job\n');
  await writeFile(join(home, 'metrics_etl', 'job.py'), module);
  await writeFile(
    join(home, 'requirements.lock'),
    'pyarrow==20.0.0 --hash=sha256:aa\nboto3==1.42.97 --hash=sha256:bb\n',
  );
  return home;
}
