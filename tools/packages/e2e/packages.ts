import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './project.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A published package: where it lies, and what an install of it alone may bring. */
export interface Published {
  readonly name: string;
  readonly folder: string;
  /** Published packages that it needs, itself not among them. */
  readonly needs: readonly string[];
  /** What it may bring of the heavy ones. */
  readonly heavy: RegExp;
}

const NOTHING = /^$/;
/** Each of these is many times larger than what does not need it. */
export const HEAVY = /duckdb|^react|^@aws-sdk\/client-|^preact|^echarts|^uplot/;

export const PUBLISHED: readonly Published[] = [
  { name: '@pulselake/data-model', folder: 'libs/data-model', needs: [], heavy: NOTHING },
  {
    name: '@pulselake/processing',
    folder: 'libs/processing',
    needs: ['@pulselake/data-model'],
    heavy: NOTHING,
  },
  {
    name: '@pulselake/dashboards',
    folder: 'libs/dashboards',
    needs: ['@pulselake/data-model'],
    heavy: NOTHING,
  },
  {
    name: '@pulselake/generators',
    folder: 'libs/generators',
    needs: ['@pulselake/data-model'],
    heavy: NOTHING,
  },
  {
    name: '@pulselake/aws-clients',
    folder: 'libs/aws-clients',
    needs: ['@pulselake/data-model', '@pulselake/dashboards'],
    heavy: NOTHING,
  },
  {
    name: '@pulselake/lake',
    folder: 'libs/lake',
    needs: ['@pulselake/data-model', '@pulselake/dashboards', '@pulselake/processing'],
    heavy: /duckdb/,
  },
  {
    name: 'pulselake',
    folder: 'apps/workbench',
    needs: [
      '@pulselake/data-model',
      '@pulselake/dashboards',
      '@pulselake/processing',
      '@pulselake/generators',
      '@pulselake/aws-clients',
      '@pulselake/lake',
    ],
    heavy: /duckdb|^@aws-sdk\/client-/,
  },
];

/** The size of an install, as the documentation has it. @returns megabytes */
export function statedMegabytes(name: string): number {
  const page = readFileSync(join(ROOT, 'docs/reference/packages.md'), 'utf8');
  const line = page.split('\n').find((each) => each.startsWith(`| \`${name}\` `));
  const size = /\|\s*([\d.]+) MB \|$/.exec(line ?? '');
  if (!size) throw new Error(`docs/reference/packages.md does not say how large ${name} is.`);
  return Number(size[1]);
}

/** Packs all of them. @returns tarballs by package */
export async function pack(folder: string): Promise<ReadonlyMap<string, string>> {
  const args = PUBLISHED.flatMap((published) => ['--workspace', published.name]);
  await mustRun('npm', ['pack', ...args, '--pack-destination', folder, '--loglevel=error'], ROOT);
  const files = readdirSync(folder);
  return new Map(
    PUBLISHED.map(({ name }) => {
      const begin = `${name.replace('@', '').replace('/', '-')}-`;
      const [file, more] = files.filter((each) => each.startsWith(begin) && /^\d/.test(each.slice(begin.length)));
      if (file === undefined || more !== undefined) throw new Error(`${name} was packed as ${file} and ${more}`);
      return [name, join(folder, file)];
    }),
  );
}

/** The first example of a package's README. */
export function firstExample(published: Published): string {
  const readme = readFileSync(join(ROOT, published.folder, 'README.md'), 'utf8');
  const found = /```[jt]s\n(.*?)```/s.exec(readme);
  if (!found) throw new Error(`The README of ${published.name} has no example.`);
  return found[1]!;
}

/** All ways into a package: itself and its subpaths. */
export function entries(published: Published): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, published.folder, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, unknown>>;
  };
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path]) => `${published.name}${path.slice(1)}`);
}
