// Makes the `pulselake` command of this checkout runnable: its JavaScript from the sources of this checkout, without types
// and checks, in about a second. `npm run build` makes the packages as they are published.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { COMMAND_BUNDLE } from './command-bundle.mjs';

const workbench = fileURLToPath(new URL('../apps/workbench', import.meta.url));

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

const { outputFiles } = await build({
  ...COMMAND_BUNDLE,
  absWorkingDir: workbench,
  entryPoints: ['src/index.ts', 'src/main.ts'],
  outdir: 'dist',
  conditions: ['@pulselake/source'],
  sourcemap: true,
  logLevel: 'warning',
  write: false,
});
await Promise.all(outputFiles.filter((file) => !isEntry(file)).map(place));
await Promise.all(outputFiles.filter(isEntry).map(place));
