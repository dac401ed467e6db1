// Makes the `pulselake` command of this checkout runnable: its JavaScript from the sources of this checkout, without types
// and checks, and its page, in some seconds when the page has changed. `npm run build` makes the packages as they are published.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import './build-page.mjs';
import { COMMAND_BUNDLE } from './command-bundle.mjs';
import { placeFile } from './place-file.mjs';

const workbench = fileURLToPath(new URL('../apps/workbench', import.meta.url));

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
await Promise.all(outputFiles.filter((file) => !isEntry(file)).map(placeFile));
await Promise.all(outputFiles.filter(isEntry).map(placeFile));
