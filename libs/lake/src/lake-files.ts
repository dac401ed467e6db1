import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** Every call by which the lake changes its folder. Tests put a file system behind it that forgets what was not synced. */
export interface LakeFiles {
  /** Makes a folder in one that exists; one that is there is no error. */
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
  /** Opens a file to append to; makes it when there is none. */
  openAppend(path: string): AppendFile;
}

/** A file that grows at its end. */
export interface AppendFile {
  /** Writes all of the bytes. They are safe after the next {@link sync}. */
  append(bytes: Uint8Array): void;
  /** Syncs what was appended before the call; the file's entry in its folder is synced apart. */
  sync(): Promise<void>;
  /** Gives the descriptor back, without a sync. Called once. */
  close(): void;
}

/** The real file system. */
export const nodeLakeFiles: LakeFiles = {
  async makeDirectory(path) {
    try {
      // The recursive form says ENOENT when the disk is full.
      await mkdir(path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
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
  openAppend(path) {
    const descriptor = openSync(path, 'a');
    return {
      append(bytes) {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      },
      sync: () => syncData(descriptor),
      close: () => closeSync(descriptor),
    };
  },
};

const syncData = promisify(fdatasync);

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

/** Makes folders with their missing parents, and syncs each folder that got a new entry, once. */
export async function makeDurableDirectories(files: LakeFiles, paths: Iterable<string>): Promise<void> {
  const changed = new Set<string>();
  for (const path of paths) await makeMissing(files, path, changed);
  for (const directory of changed) await files.syncDirectory(directory);
}

async function makeMissing(files: LakeFiles, path: string, changed: Set<string>): Promise<void> {
  if (await exists(path)) return;
  const parent = dirname(path);
  await makeMissing(files, parent, changed);
  await files.makeDirectory(path);
  changed.add(parent);
}
