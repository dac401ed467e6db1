import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  artifact,
  buildWheel,
  contentDigest,
  reproducibleZip,
  sha256Hex,
  sourceFile,
  sourceFiles,
  writePackage,
} from '../src/index.js';

const PROJECT = {
  name: 'pulselake-metrics-etl',
  version: '0.1.0',
  summary: 'Batches.',
  requiresPython: '>=3.9',
  license: 'Apache-2.0',
};

const MODULES = {
  '__init__.py': '',
  'job.py': 'print("hello")\n',
  'readers/csv.py': 'import csv\n',
  'schema.json': '{}\n',
};

async function folder(files: Readonly<Record<string, string>>, seconds = 1_000, mode = 0o644): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'pulselake-package-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, mode);
    await utimes(path, seconds, seconds);
  }
  return home;
}

describe('source files', () => {
  it('are the same whatever the order, the times, the rights, the line ends and what lies about', async () => {
    const one = await folder(MODULES);
    const other = await folder(
      {
        'schema.json': '{}\r\n',
        'readers/csv.py': 'import csv\r\n',
        'job.py': 'print("hello")\n',
        '__init__.py': '',
        '__pycache__/job.cpython-39.pyc': 'x',
        'readers/__pycache__/csv.cpython-39.pyc': 'x',
        'readers/.csv.py.swp': 'x',
        'job.py~': 'x',
        '.DS_Store': 'x',
        'job.pyc': 'x',
      },
      2_000_000_000,
      0o755,
    );
    const files = await sourceFiles(one, 'etl');
    expect(files.map(({ path }) => path)).toEqual([
      'etl/__init__.py',
      'etl/job.py',
      'etl/readers/csv.py',
      'etl/schema.json',
    ]);
    expect(await sourceFiles(other, 'etl')).toEqual(files);
  });

  it('keeps a carriage return that ends no line, and all of those in files that are no texts', async () => {
    const home = await folder({ 'a.py': 'a\rb\r\n', 'a.bin': 'a\r\n' });
    expect((await sourceFiles(home, 'p')).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      'a\r\n',
      'a\rb\n',
    ]);
  });

  it('fails when there is nothing', async () => {
    const home = await folder({ '__pycache__/a.pyc': 'x' });
    await expect(sourceFiles(home, 'p')).rejects.toThrow(/holds no files: there is nothing to package/);
    await expect(sourceFiles(join(home, 'no'), 'p')).rejects.toThrow(/no cannot be read \(ENOENT\)/);
    await expect(sourceFile(join(home, 'job.py'), 'job.py')).rejects.toThrow(/job.py cannot be read \(ENOENT\)/);
  });

  it('have a digest of names and contents, each for itself', () => {
    const bytes = (text: string) => Buffer.from(text);
    const digests = [
      [{ path: 'a', bytes: bytes('bc') }],
      [{ path: 'ab', bytes: bytes('c') }],
      [
        { path: 'a', bytes: bytes('b') },
        { path: 'c', bytes: bytes('') },
      ],
      [{ path: 'a', bytes: bytes('b 1 c 0 ') }],
    ].map(contentDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('a ZIP file', () => {
  it('has the same bytes in every time zone', () => {
    const files = [{ path: 'a.py', bytes: Buffer.from('a'.repeat(1000)) }];
    const digests = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'].map((zone) => {
      vi.stubEnv('TZ', zone);
      return sha256Hex(reproducibleZip(files));
    });
    vi.unstubAllEnvs();
    expect(new Set(digests).size).toBe(1);
    // Pinned: another release of the dependency that writes other bytes would give each artifact another digest.
    expect(digests[0]).toBe('a2b3cb4358d7b914f270edbbe219bd119c63ed6fc9c4e19d8c4642c38371278e');
  });

  it('holds the files in their order', () => {
    const files = ['b.py', 'a.py'].map((path) => ({ path, bytes: Buffer.from(`# ${path}`) }));
    const read = unzipSync(reproducibleZip(files));
    expect(Object.entries(read).map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['b.py', '# b.py'],
      ['a.py', '# a.py'],
    ]);
  });
});

describe('a wheel', () => {
  it('is one that installers take: names, METADATA, WHEEL, and a RECORD of each file', async () => {
    const { file, version, body } = buildWheel(PROJECT, await sourceFiles(await folder(MODULES), 'metrics_etl'));
    expect(version).toMatch(/^0\.1\.0\+[0-9a-f]{12}$/);
    expect(file).toBe(`pulselake_metrics_etl-${version}-py3-none-any.whl`);
    const read = unzipSync(body);
    const info = `pulselake_metrics_etl-${version}.dist-info`;
    const textOf = (name: string) => Buffer.from(read[`${info}/${name}`]!).toString();
    expect(textOf('METADATA')).toBe(
      `Metadata-Version: 2.1\nName: pulselake-metrics-etl\nVersion: ${version}\nSummary: Batches.\nLicense: Apache-2.0\nRequires-Python: >=3.9\n`,
    );
    expect(textOf('WHEEL')).toContain('Wheel-Version: 1.0\n');
    expect(textOf('WHEEL')).toContain('Root-Is-Purelib: true\nTag: py3-none-any\n');
    const lines = textOf('RECORD').trimEnd().split('\n');
    expect(lines.at(-1)).toBe(`${info}/RECORD,,`);
    expect(lines.map((line) => line.split(',')[0])).toEqual(Object.keys(read));
    for (const line of lines.slice(0, -1)) {
      const [path = '', digest, size] = line.split(',');
      const bytes = read[path]!;
      expect(digest).toBe(`sha256=${createHash('sha256').update(bytes).digest('base64url')}`);
      expect(Number(size)).toBe(bytes.byteLength);
    }
  });

  it('is another version when a module changes, and the same one when nothing does', async () => {
    const one = buildWheel(PROJECT, await sourceFiles(await folder(MODULES), 'metrics_etl'));
    const again = buildWheel(PROJECT, await sourceFiles(await folder(MODULES, 5, 0o755), 'metrics_etl'));
    const other = buildWheel(
      PROJECT,
      await sourceFiles(await folder({ ...MODULES, 'job.py': 'print("bye")\n' }), 'metrics_etl'),
    );
    expect(sha256Hex(again.body)).toBe(sha256Hex(one.body));
    expect(other.version).not.toBe(one.version);
  });
});

describe('a package', () => {
  const made = (text: string) => ({
    app: 'etl',
    artifacts: [artifact('script', `job-${sha256Hex(Buffer.from(text)).slice(0, 12)}.py`, Buffer.from(text))],
    settings: { modules: ['a==1'] },
  });

  it('is written with a manifest, once', async () => {
    const home = await folder({});
    const { folder: written, changed } = await writePackage(home, made('1'));
    expect(changed).toBe(true);
    const { sha256, file } = made('1').artifacts[0]!;
    expect(JSON.parse(await readFile(join(written, 'manifest.json'), 'utf8'))).toEqual({
      app: 'etl',
      artifacts: [{ role: 'script', file, sha256, sizeBytes: 1 }],
      modules: ['a==1'],
    });
    expect((await writePackage(home, made('1'))).changed).toBe(false);
  });

  it('replaces the one before, and mends a file that is damaged', async () => {
    const home = await folder({});
    const { folder: written } = await writePackage(home, made('1'));
    await writePackage(home, made('2'));
    const { file } = made('2').artifacts[0]!;
    expect((await readdir(written)).sort()).toEqual([file, 'manifest.json'].sort());
    await writeFile(join(written, file), 'x');
    expect((await writePackage(home, made('2'))).changed).toBe(true);
    expect(await readFile(join(written, file), 'utf8')).toBe('2');
  });
});
