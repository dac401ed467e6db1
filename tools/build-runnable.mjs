// Makes the `pulselake` command of this checkout runnable: the JavaScript of the packages it needs, without types and
// checks, in about a second. `npm run build` makes the packages as they are published.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} folder */
const manifestOf = async (folder) => JSON.parse(await readFile(`${root}/${folder}/package.json`, 'utf8'));

/** The workspace packages that a package needs, itself first. */
async function neededFolders(folder, seen = new Set()) {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const { dependencies = {} } = await manifestOf(folder);
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith('@pulselake/')) await neededFolders(`libs/${name.slice('@pulselake/'.length)}`, seen);
  }
  return seen;
}

await Promise.all(
  [...(await neededFolders('apps/workbench'))].map((folder) =>
    build({
      absWorkingDir: `${root}/${folder}`,
      entryPoints: folder === 'apps/workbench' ? ['src/index.ts', 'src/main.ts'] : ['src/index.ts'],
      outdir: 'dist',
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    }),
  ),
);
