import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDataset, writeDataset } from '@pulselake/generators';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = fileURLToPath(new URL('../bin/pulselake.js', import.meta.url));

/** Commands of the README's shell blocks, in their order. */
async function readmeCommands(): Promise<string[]> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!.split('\n').filter((line) => line !== ''),
  );
}

/** Those that install, test or serve until they are stopped: run by CI, or by a test of their own. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, text: RegExp]>> = {
  'npm ci && npm start': ['apps/workbench/test/readme.test.ts', /npm start, as the README/],
  'npm test': ['.ci/run', /npm test/],
  'npx pulselake serve': ['apps/workbench/test/readme.test.ts', /serve prints an address/],
};

describe('the README', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulselake-readme-'));
    const dataset = generateDataset({
      preset: 'faulty',
      seed: 3,
      nowMs: Math.floor(Date.now() / 1000) * 1000,
      scale: 0.02,
    });
    await writeDataset(dataset, folder);
    const events = join(folder, 'events');
    const plain = (await readdir(events)).find((name) => name.endsWith('.ndjson'))!;
    await cp(join(events, plain), join(folder, 'events.ndjson'));
    // `npx pulselake` finds the command of the workspace; here it is put on the path instead.
    const path = join(folder, 'bin');
    await mkdir(path);
    await writeFile(join(path, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('shows only commands that end well, each run in its order in one folder', async () => {
    const commands = await readmeCommands();
    expect(commands.length).toBeGreaterThan(12);
    for (const command of commands) {
      const elsewhere = ELSEWHERE[command];
      if (elsewhere) {
        expect(await readFile(join(root, elsewhere[0]), 'utf8'), command).toMatch(elsewhere[1]);
        continue;
      }
      const env = {
        ...process.env,
        PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      };
      await expect(run('sh', ['-ec', command], { cwd: folder, env }), command).resolves.toBeDefined();
    }
  }, 180_000);

  it('npm start, as the README has it, makes a lake that is proved; serve prints an address that answers', async () => {
    const scripts = (
      JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    ).scripts;
    expect(scripts['prestart']).toBe('node tools/build-runnable.mjs');
    expect(scripts['start']).toBe('node apps/workbench/bin/pulselake.js start');
    const lake = join(folder, 'started');
    const { stdout } = await run(process.execPath, [bin, 'start', '--once', '--lake', lake]);
    expect(stdout).toContain('Proved: every record is accounted for.');
    const child = execFile(process.execPath, [bin, 'serve', '--lake', lake, '--port', '0']);
    try {
      const url = await new Promise<string>((resolve) => {
        child.stdout!.on('data', (text: string) => {
          const match = /http:\/\/\S+/.exec(text);
          if (match) resolve(match[0]);
        });
      });
      const page = await fetch(url);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Pulselake');
    } finally {
      child.kill('SIGINT');
    }
  }, 120_000);
});
