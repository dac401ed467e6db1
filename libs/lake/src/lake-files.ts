import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Every call by which the lake changes its folder. Tests put a file system behind it that forgets what was not synced. */
export interface LakeFiles {
  /** Makes a folder and its parents. */
  makeDirectory(path: string): Promise<void>;
  /** Writes a whole file and syncs it. */
  write(path: string, content: string): Promise<void>;
  /** Writes a whole file that need not outlive a crash of the machine: what it says of processes is void then. */
  writeVolatile(path: string, content: string): Promise<void>;
  /** Syncs a file's content to the disk. */
  sync(path: string): Promise<void>;
  /** Syncs a folder's entries to the disk. */
  syncDirectory(path: string): Promise<void>;
  /** Replaces `to` atomically. */
  rename(from: string, to: string): Promise<void>;
  /** Makes `to` another name of `from`. @throws EEXIST when `to` exists */
  link(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; none is no error. */
  remove(path: string): Promise<void>;
}

/** The real file system. */
export const nodeLakeFiles: LakeFiles = {
  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },
  async write(path, content) {
    const file = await open(path, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async writeVolatile(path, content) {
    await writeFile(path, content);
  },
  sync: (path) => syncPath(path, 'r+'),
  syncDirectory: (path) => syncPath(path, 'r'),
  rename,
  link,
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
};

async function syncPath(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file's text; `undefined` when there is none. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Names in a folder, sorted; none when there is no folder. */
export async function listNames(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** All files below a folder as `/`-separated keys, sorted; none when there is no folder. */
export async function listKeys(root: string, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  let entries;
  try {
    entries = await readdir(prefix ? `${root}/${prefix}` : root, { withFileTypes: true });
  } catch (error) {
    if (isNotFound(error)) return keys;
    throw error;
  }
  for (const entry of entries) {
    const key = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) keys.push(...(await listKeys(root, key)));
    else keys.push(key);
  }
  return keys.sort();
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Syncs the folders of these files, each once. */
export async function syncParents(files: LakeFiles, paths: Iterable<string>): Promise<void> {
  for (const directory of new Set([...paths].map((path) => dirname(path)))) await files.syncDirectory(directory);
}

/** Makes a folder and its missing parents below `root`, and syncs each new entry. */
export async function makeDurableDirectory(files: LakeFiles, path: string): Promise<void> {
  if (await exists(path)) return;
  const parent = dirname(path);
  await makeDurableDirectory(files, parent);
  await files.makeDirectory(path);
  await files.syncDirectory(parent);
}
