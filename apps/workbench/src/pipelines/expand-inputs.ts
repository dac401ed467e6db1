import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '@pulselake/lake';
import { glob } from 'tinyglobby';

/** A file to be read. */
export interface InputPath {
  /** Absolute. */
  readonly path: string;
  /** The address that the ledger keeps, default the path. */
  readonly address?: string;
  readonly modifiedMs: number;
  /** Whether what an earlier input at the same address held may be the beginning of this one. Default true. */
  readonly grows?: boolean;
}

/** A file that an argument names, and where it really lies. */
interface FoundFile {
  readonly path: string;
  readonly realPath: string;
}

const GLOB = /[*?[\]{}]/;
const STATS_AT_ONCE = 64;

/**
 * Finds the files that the arguments name: files, folders (all files below, hidden ones left out, links followed) and
 * globs. What lies in a folder and cannot be read is handed on, so that it fails by its name and nothing is skipped.
 *
 * Oldest first, then by path: windows that were delivered twice end with the later delivery.
 *
 * @throws InputError when an argument names nothing, or a folder cannot be read
 */
export async function expandInputs(args: readonly string[]): Promise<InputPath[]> {
  // Two arguments, or two links, may name one file.
  const found = new Map<string, string>();
  for (const arg of args) {
    for (const { path, realPath } of await expand(arg)) {
      if (!found.has(realPath)) found.set(realPath, path);
    }
  }
  const inputs: InputPath[] = [];
  const paths = [...found.values()];
  for (let at = 0; at < paths.length; at += STATS_AT_ONCE) {
    const some = paths.slice(at, at + STATS_AT_ONCE);
    const times = await Promise.all(some.map(async (path) => (await statIfThere(path))?.mtimeMs ?? 0));
    inputs.push(...some.map((path, index) => ({ path, modifiedMs: times[index]! })));
  }
  return inputs.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
}

async function expand(arg: string): Promise<FoundFile[]> {
  const path = resolve(arg);
  if (await lstat(path).catch(() => undefined)) {
    const target = await statIfThere(path);
    if (!target) throw new InputError(`${arg} is a link to nothing.`);
    if (target.isDirectory()) {
      const files = await filesBelow({ path, realPath: await realpath(path) }, new Set());
      if (files.length === 0) throw new InputError(`${arg} is a folder without files.`);
      return files;
    }
    // Opening a pipe would wait for its writer for ever.
    if (!target.isFile())
      throw new InputError(`${arg} is not a regular file. What is piped is read by: ingest events -`);
    return [{ path, realPath: await realpath(path) }];
  }
  if (!GLOB.test(arg)) throw new InputError(`${arg}: there is no such file.`);
  const names = await glob(arg, { absolute: true, onlyFiles: true, followSymbolicLinks: true });
  if (names.length === 0) throw new InputError(`${arg} matches no file.`);
  return Promise.all(names.map(async (name) => ({ path: resolve(name), realPath: await realpath(name) })));
}

/** All files below a folder; each folder once, whatever links lead to it. */
async function filesBelow(folder: FoundFile, seen: Set<string>): Promise<FoundFile[]> {
  if (seen.has(folder.realPath)) return [];
  seen.add(folder.realPath);
  const found: FoundFile[] = [];
  for (const entry of await entriesOf(folder.path)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder.path, entry.name);
    const inside = { path, realPath: join(folder.realPath, entry.name) };
    const file = entry.isSymbolicLink() ? { path, realPath: await realpath(path).catch(() => path) } : inside;
    const isFolder = entry.isSymbolicLink() ? (await statIfThere(path))?.isDirectory() : entry.isDirectory();
    if (!isFolder) found.push(file);
    else for (const below of await filesBelow(file, seen)) found.push(below);
  }
  return found;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // By name, links last: a log's own name says whose it is, that of a link to it may not.
    const rank = (entry: Dirent) => Number(entry.isSymbolicLink());
    return entries.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const reason = denied ? 'reading this folder is not permitted' : (error as Error).message;
    throw new InputError(`${folder}: ${reason}.`, { cause: error });
  }
}

function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
