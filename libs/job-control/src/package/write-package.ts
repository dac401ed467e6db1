import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobPackage, manifestOf } from './job-package.js';

/** Below a project's folder: the files for the service, and `manifest.json`, which names them. */
export const PACKAGE_FOLDER = join('dist', 'package');

/**
 * Writes a package below the project's folder. What is there already is left as it is, what is there besides is removed. The
 * manifest comes last, so that it never names what is not there.
 *
 * @returns the folder, and whether anything was written
 */
export async function writePackage(home: string, made: JobPackage): Promise<{ folder: string; changed: boolean }> {
  const folder = join(home, PACKAGE_FOLDER);
  await mkdir(folder, { recursive: true });
  let changed = false;
  const manifest = Buffer.from(`${JSON.stringify(manifestOf(made), undefined, 2)}\n`);
  for (const { file, body } of [...made.artifacts, { file: 'manifest.json', body: manifest }]) {
    const path = join(folder, file);
    const there = await readFile(path).catch(() => undefined);
    if (there && Buffer.compare(there, body) === 0) continue;
    await writeFile(`${path}.new`, body);
    await rename(`${path}.new`, path);
    changed = true;
  }
  const known = new Set(['manifest.json', ...made.artifacts.map(({ file }) => file)]);
  for (const name of await readdir(folder)) {
    if (!known.has(name)) await rm(join(folder, name), { recursive: true });
  }
  return { folder, changed };
}
