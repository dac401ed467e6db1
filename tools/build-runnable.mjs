// Makes the `pulselake` command of this checkout runnable: the JavaScript of the packages it needs, without types and
// checks, in about a second. `npm run build` makes the packages as they are published.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
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

/**
 * Puts a file in place whole, and only when it differs: programs of another build may be starting from it just now.
 *
 * @param {import('esbuild').OutputFile} file
 */
async function place({ path, contents }) {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

/** Chunks first: an entry point names those it needs. */
const isEntry = ({ path }) => /^(?:index|main)\.js$/.test(basename(path));

await Promise.all(
  [...(await neededFolders('apps/workbench'))].map(async (folder) => {
    const { outputFiles } = await build({
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
      write: false,
    });
    await Promise.all(outputFiles.filter((file) => !isEntry(file)).map(place));
    await Promise.all(outputFiles.filter(isEntry).map(place));
  }),
);
