import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly files?: readonly string[];
  readonly sideEffects?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packages = ['apps', 'libs', 'tools'].flatMap((room) =>
  readdirSync(join(ROOT, room))
    .map((name) => join(ROOT, room, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    })),
);
const PUBLISHED = [
  '@pulselake/aws-clients',
  '@pulselake/dashboards',
  '@pulselake/data-model',
  '@pulselake/generators',
  '@pulselake/lake',
  '@pulselake/processing',
  'pulselake',
];
const published = packages.filter(({ manifest }) => PUBLISHED.includes(manifest.name));

describe('the published packages', () => {
  it('are all there', () => {
    expect(published.map(({ manifest }) => manifest.name).sort()).toEqual(PUBLISHED);
  });

  it('have one version', () => {
    expect(new Set(published.map(({ manifest }) => manifest.version)).size).toBe(1);
  });

  describe.each(published.map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest })))(
    '$name',
    ({ folder, manifest }) => {
      it('can be published, as an ES module that says its side effects', () => {
        expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module' });
        expect(manifest.private).toBeUndefined();
        expect(manifest.sideEffects).toBeDefined();
        expect(manifest.files).toContain('dist');
      });

      it('brings the licence of the repository', () => {
        expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
      });

      it('brings a README with a first example', () => {
        const readme = readFileSync(join(folder, 'README.md'), 'utf8');
        expect(readme.startsWith(`# ${manifest.name}\n`)).toBe(true);
        expect(readme).toMatch(/^```(?:ts|js|sh)$/mu);
      });

      it('installs no package of this repository that is not published', () => {
        const ours = new Set(packages.map((other) => other.manifest.name));
        const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => ours.has(name));
        expect(needed.filter((name) => !PUBLISHED.includes(name))).toEqual([]);
      });
    },
  );
});
