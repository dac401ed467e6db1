import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError } from '@pulselake/lake';
import { glob } from 'tinyglobby';

/** A file to be read. */
export interface InputPath {
  /** Absolute. */
  readonly path: string;
  /** The address that the ledger keeps, default the path. */
  readonly address?: string;
  readonly modifiedMs: number;
}

const GLOB = /[*?[\]{}]/;

/**
 * Finds the files that the arguments name: files, folders (all files below, hidden ones left out) and globs.
 *
 * Oldest first, then by path: windows that were delivered twice end with the later delivery.
 *
 * @throws InputError when an argument names nothing
 */
export async function expandInputs(args: readonly string[]): Promise<InputPath[]> {
  const found = new Map<string, InputPath>();
  for (const arg of args) {
    for (const path of await expand(arg)) {
      const stats = await stat(path);
      // Opening a pipe would wait for its writer for ever.
      if (!stats.isFile()) throw new InputError(`${arg} is not a regular file.`);
      // Two arguments, or two links, may name one file.
      const real = await realpath(path);
      if (!found.has(real)) found.set(real, { path, modifiedMs: stats.mtimeMs });
    }
  }
  return [...found.values()].sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
}

async function expand(arg: string): Promise<string[]> {
  const path = resolve(arg);
  const stats = await lstat(path).catch(() => undefined);
  if (stats) {
    const target = await stat(path).catch(() => undefined);
    if (!target) throw new InputError(`${arg} is a link to nothing.`);
    if (!target.isDirectory()) return [path];
    const files = await glob('**/*', {
      cwd: path,
      absolute: false,
      dot: false,
      onlyFiles: true,
      followSymbolicLinks: false,
    });
    if (files.length === 0) throw new InputError(`${arg} is a folder without files.`);
    return files.map((file) => join(path, file)).filter((file) => !basename(file).startsWith('.'));
  }
  if (GLOB.test(arg)) {
    const files = await glob(arg, { absolute: true, onlyFiles: true, followSymbolicLinks: false });
    if (files.length > 0) return files.map((file) => resolve(file));
    throw new InputError(`${arg} matches no file.`);
  }
  throw new InputError(`${arg}: there is no such file.`);
}
