import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlThrottledError } from '@pulselake/aws-clients/artifacts';
import { describe, expect, it } from 'vitest';
import { packTraffic } from '../control/index.js';
import { project, UPLOAD, world } from './support/run-command.js';

interface Manifest {
  readonly app: string;
  readonly artifacts: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

describe('package', () => {
  it('writes the script and its modules', async () => {
    const { run, io } = await world();
    expect((await run('package')).exitCode).toBe(0);
    const text = await readFile(join(io.home, 'dist', 'package', 'manifest.json'), 'utf8');
    const { app, artifacts } = JSON.parse(text) as Manifest;
    expect(app).toBe('traffic-report');
    expect(artifacts.map(({ role, file }) => [role, file])).toEqual([
      ['entry-point', expect.stringMatching(/^traffic-report-main-[0-9a-f]{12}\.py$/)],
      ['py-files', expect.stringMatching(/^traffic_report-[0-9a-f]{12}\.zip$/)],
    ]);
    expect((await run('package')).out).toContain('nothing was written');
  });

  it('gives the same digests in another folder, and others when a module changes', async () => {
    const digests = async (module?: string) =>
      (await packTraffic(await project(module))).artifacts.map(({ sha256 }) => sha256);
    expect(await digests()).toEqual(await digests());
    const [script, modules] = await digests();
    const [sameScript, otherModules] = await digests('print("bye")\n');
    expect([sameScript === script, otherModules === modules]).toEqual([true, false]);
  });

  it.each(['main.py', 'traffic_report'])('fails without %s', async (name) => {
    const { run, io } = await world();
    await rm(join(io.home, name), { recursive: true });
    const { exitCode, err } = await run('package');
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`${name} cannot be read (ENOENT)`)]);
  });
});

describe('upload', () => {
  it('stores both files, once, also when it was cut off between them', async () => {
    const { run, store } = await world();
    store.faults.add('head', new ControlThrottledError('S3 takes no more just now.'));
    expect((await run(...UPLOAD)).exitCode).toBe(1);
    expect((await run(...UPLOAD)).out).toContain('2 of 2 files were sent');
    expect((await run(...UPLOAD)).out).toContain('0 of 2 files were sent');
    expect(store.calls.filter((call) => call.startsWith('put'))).toHaveLength(2);
  });
});
