import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlAccessDeniedError, ControlUnreachableError, MissingError } from '@pulselake/aws-clients/artifacts';
import { describe, expect, it } from 'vitest';
import { packEtl } from '../control/index.js';
import { project, world } from './support/run-command.js';

const UPLOAD = ['upload', '--bucket', 'artifacts', '--prefix', 'jobs/'];

interface Manifest {
  readonly artifacts: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

describe('package', () => {
  it('writes the script, the wheel, and what Glue has to install', async () => {
    const home = await project();
    const { exitCode, out } = await world({ home }).run('package', '--json');
    expect(exitCode).toBe(0);
    const folder = join(home, 'dist', 'package');
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    expect(manifest).toMatchObject({
      app: 'metrics-etl',
      pythonVersion: '3.9',
      additionalPythonModules: ['pyarrow==20.0.0', 'boto3==1.42.97'],
    });
    expect(manifest.artifacts.map(({ role }) => role)).toEqual(['script', 'wheel']);
    const [script, wheel] = manifest.artifacts;
    expect(script?.file).toMatch(/^metrics-etl-job-[0-9a-f]{12}\.py$/);
    expect(wheel?.file).toMatch(/^pulselake_metrics_etl-0\.1\.0\+[0-9a-f]{12}-py3-none-any\.whl$/);
    expect((await readdir(folder)).sort()).toEqual([script!.file, wheel!.file, 'manifest.json'].sort());
    expect(JSON.parse(out)).toEqual({ folder, changed: true, ...manifest });
  });

  it('says that there is nothing to do', async () => {
    const { run } = world({ home: await project() });
    await run('package');
    expect((await run('package')).out).toContain('nothing was written: the sources are what they were');
  });

  it('gives the same digests in another folder, and others when a module changes', async () => {
    const digests = async (module?: string) =>
      (await packEtl(await project(module))).artifacts.map(({ role, sha256 }) => [role, sha256]);
    expect(await digests()).toEqual(await digests());
    const [script, wheel] = await digests();
    expect(await digests('print("bye")\n')).toEqual([
      script,
      ['wheel', expect.not.stringMatching(wheel![1]!) as string],
    ]);
  });

  it.each([
    ['job.py', /job\.py cannot be read \(ENOENT\)/],
    ['requirements.lock', /requirements\.lock cannot be read \(ENOENT\)/],
    ['metrics_etl', /metrics_etl cannot be read \(ENOENT\)/],
  ])('fails without %s', async (name, message) => {
    const home = await project();
    const { rm } = await import('node:fs/promises');
    await rm(join(home, name), { recursive: true });
    const { exitCode, err } = await world({ home }).run('package');
    expect(exitCode).toBe(1);
    expect(err).toMatch(message);
  });

  it('fails with a lock that pins nothing', async () => {
    const home = await project();
    await writeFile(join(home, 'requirements.lock'), 'pyarrow>=20\n');
    expect((await world({ home }).run('package')).err).toBe(
      'The lock has a line that is no pinned package: pyarrow>=20\n',
    );
  });
});

describe('upload', () => {
  it('stores both files under their digests, once', async () => {
    const { run, store } = world({ home: await project() });
    const first = await run(...UPLOAD);
    expect(first.exitCode).toBe(0);
    expect(first.out).toContain('2 of 2 files were sent');
    expect([...store.objects.keys()]).toEqual([
      expect.stringMatching(/^artifacts\/jobs\/metrics-etl-job-[0-9a-f]{12}\.py$/),
      expect.stringMatching(/^artifacts\/jobs\/pulselake_metrics_etl-0\.1\.0\+[0-9a-f]{12}-py3-none-any\.whl$/),
    ]);
    const again = await run(...UPLOAD, '--json');
    expect(again.err).toContain('is there already, nothing is sent');
    expect(JSON.parse(again.out)).toMatchObject({
      files: [
        { role: 'script', uploaded: false },
        { role: 'wheel', uploaded: false },
      ],
      additionalPythonModules: ['pyarrow==20.0.0', 'boto3==1.42.97'],
    });
  });

  it('goes on where an upload was cut off', async () => {
    const { run, store } = world({ home: await project() });
    store.faults.add('put', new ControlUnreachableError('S3 could not be asked: the connection was cut'));
    const cut = await run(...UPLOAD);
    expect([cut.exitCode, cut.err]).toEqual([1, 'S3 could not be asked: the connection was cut\n']);
    expect(store.objects.size).toBe(0);
    store.faults.add('head', new ControlUnreachableError('reset'));
    await run(...UPLOAD);
    expect((await run(...UPLOAD)).exitCode).toBe(0);
    expect(store.objects.size).toBe(2);
  });

  it('sends what changed only', async () => {
    const home = await project();
    const { run, store } = world({ home });
    await run(...UPLOAD);
    await writeFile(join(home, 'metrics_etl', 'job.py'), 'print("bye")\n');
    const { out } = await run(...UPLOAD);
    expect(out).toContain('1 of 2 files were sent');
    expect(store.objects.size).toBe(3);
  });

  it('fails when something else lies under a key', async () => {
    const home = await project();
    const { run, store } = world({ home });
    const [script] = (await packEtl(home)).artifacts;
    const key = `jobs/${script!.file}`;
    store.objects.set(`artifacts/${key}`, {
      bucket: 'artifacts',
      key,
      sizeBytes: 1,
      modifiedMs: 0,
      body: Buffer.from('x'),
    });
    const { exitCode, err } = await run(...UPLOAD);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/is something else: it has 1 bytes, the artifact \d+\. Delete it/);
  });

  it.each([
    ['denied', new ControlAccessDeniedError('AWS does not allow this on "artifacts": no. It needs s3:PutObject.')],
    ['no bucket', new MissingError('There is no bucket "artifacts".', 'bucket')],
  ])('fails, and sends nothing more: %s', async (_what, error) => {
    const { run, store } = world({ home: await project() });
    store.faults.add('put', error);
    expect(await run(...UPLOAD)).toMatchObject({ exitCode: 1, err: `${error.message}\n`, out: '' });
    expect(store.objects.size).toBe(0);
  });

  it('stops at Ctrl-C', async () => {
    const { run, io, store } = world({ home: await project() });
    io.interrupt();
    const { exitCode, err } = await run(...UPLOAD);
    expect([exitCode, err]).toEqual([1, 'Stopped. The same command goes on where this one ended.\n']);
    expect(store.objects.size).toBe(0);
  });

  it.each([
    [['upload'], /--bucket/],
    [['upload', '--bucket', 'No_Bucket'], /3 to 63 small letters/],
    [['upload', '--bucket', 'artifacts', '--prefix', 's3://x'], /without bucket and leading slash/],
    [['upload', '--bucket', 'artifacts', '--timeout-seconds', '0'], /whole number from 1 to 604800/],
  ])('ends with 2: %j', async (args, message) => {
    const { exitCode, err } = await world().run(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});
