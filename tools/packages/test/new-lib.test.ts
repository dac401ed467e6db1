import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { faultOfName, filesOfLibrary } from '../../new-lib.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const files = filesOfLibrary('access-control', '0.1.0');

describe('a new library', () => {
  it('has the files that every library has', () => {
    const tracked = execFileSync('git', ['ls-files', 'libs'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    const folders = readdirSync(join(ROOT, 'libs')).filter((name) => tracked.includes(`libs/${name}/package.json`));
    const common = folders
      .map((folder) => tracked.filter((path) => path.startsWith(`libs/${folder}/`)))
      .map((paths) => new Set(paths.map((path) => path.split('/').slice(2).join('/'))))
      .reduce((shared, each) => new Set([...shared].filter((path) => each.has(path))));
    expect(folders.length).toBeGreaterThan(5);
    expect([...common].filter((path) => files[path] === undefined)).toEqual([]);
    expect(common.size).toBeGreaterThan(6);
  });

  it('is configured as the others are', () => {
    for (const path of ['tsconfig.json', 'tsconfig.lib.json', 'tsconfig.spec.json']) {
      expect(JSON.parse(files[path]!), path).toEqual(
        JSON.parse(readFileSync(join(ROOT, 'libs/cost-model', path), 'utf8')),
      );
    }
    const { name, description, scripts, nx, ...rest } = JSON.parse(files['package.json']!) as Record<string, unknown>;
    const model = JSON.parse(readFileSync(join(ROOT, 'libs/cost-model/package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(name).toBe('@pulselake/access-control');
    expect({ description, scripts, nx }).toBeTruthy();
    expect(model).toMatchObject(rest);
  });

  it('needs no other format', async () => {
    const options = await resolveConfig(join(ROOT, 'package.json'));
    for (const [path, text] of Object.entries(files)) {
      // npm and Nx write these anew.
      if (path.endsWith('.json')) continue;
      expect(await format(text, { ...options, filepath: path }), path).toBe(text);
    }
  });

  it.each(['', undefined, 'Lake', '../x', 'a_b', '-a', 'lake'])('is not made with the name %s', (name) => {
    expect(faultOfName(name)).toBeDefined();
  });

  it('is made with a name that is free', () => {
    expect(faultOfName('retention')).toBeUndefined();
  });
});
