// Makes the dashboard's page in `apps/workbench/dist/page`, unless it was made from the very same files before.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeFile } from './place-file.mjs';

const workbench = fileURLToPath(new URL('../apps/workbench', import.meta.url));
const outDir = join(workbench, 'dist/page');
/** Beside the page: a build of the package that clears its folder takes this away, too. */
const stamp = join(workbench, 'dist/page.inputs');
/** Pages that are open load parts of their own build until they are reloaded. */
const KEPT_MS = 24 * 3600 * 1000;

const filesBelow = async (folder) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** The digest of all that the page is made from; packages by the versions that package.json pins. */
async function digestOfInputs() {
  const digest = createHash('sha256');
  const settings = ['package.json', 'vite.config.ts'].map((name) => join(workbench, name));
  for (const path of [...settings, ...(await filesBelow(join(workbench, 'page')))]) {
    digest
      .update(`${relative(workbench, path)}\0`)
      .update(await readFile(path))
      .update('\0');
  }
  return digest.digest('hex');
}

const digest = await digestOfInputs();
if ((await readFile(stamp, 'utf8').catch(() => '')) !== digest) {
  // Whoever builds, a test too: the page is the one that people get.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  const { output } = await build({
    configFile: join(workbench, 'vite.config.ts'),
    logLevel: 'warn',
    build: { write: false },
  });
  const files = output.map((file) => ({
    path: join(outDir, file.fileName),
    contents: Buffer.from(file.type === 'chunk' ? file.code : file.source),
  }));
  // The page names what it needs, so it comes after it; what an interrupted build left is made again.
  const isPage = ({ path }) => path.endsWith('.html');
  await Promise.all(files.filter((file) => !isPage(file)).map(placeFile));
  await Promise.all(files.filter(isPage).map(placeFile));
  const made = new Set(files.map(({ path }) => path));
  for (const path of await filesBelow(outDir)) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (!made.has(path) && Date.now() - mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
  await placeFile({ path: stamp, contents: Buffer.from(digest) });
}
