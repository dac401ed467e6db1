import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { COMMAND_BUNDLE } from '../../../tools/command-bundle.mjs';

const workbench = fileURLToPath(new URL('..', import.meta.url));

test('the bundled command needs no package that it does not declare', async () => {
  const { metafile } = await build({
    ...COMMAND_BUNDLE,
    absWorkingDir: workbench,
    entryPoints: ['src/index.ts', 'src/main.ts'],
    outdir: 'dist',
    conditions: ['@pulselake/source'],
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  const outside = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external }) => external)
    .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
  const manifest = JSON.parse(await readFile(`${workbench}/package.json`, 'utf8')) as { dependencies: object };
  const declared = Object.keys(manifest.dependencies);
  expect(outside).toContain('@duckdb/node-bindings');
  expect([...new Set(outside)].filter((name) => !declared.includes(name))).toEqual([]);
});
