import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { JobFailure } from '../errors.js';

/** A file of a package. */
export interface SourceFile {
  /** With slashes, whatever the system. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What Python, editors and systems leave behind. */
const LEFT_BEHIND = /^(__pycache__|\..*|.*~|.*\.(pyc|pyo|swp|orig|rej))$/;

/** Files that are texts; a checkout may have given them the line ends of its system. */
const TEXT = /\.(py|pyi|json|sql|txt|toml)$|(^|\/)py\.typed$/;

/**
 * All files below `folder`, named from `name` on and sorted by their paths' code units: the same whatever the system, the order
 * in which it lists them, and what lies about.
 *
 * @throws JobFailure when there are none, or one cannot be read
 */
export async function sourceFiles(folder: string, name: string): Promise<SourceFile[]> {
  const found = await filesBelow(folder, name);
  if (found.length === 0) throw new JobFailure(`${folder} holds no files: there is nothing to package.`);
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** One file, with the line ends of Unix when it is a text. @throws JobFailure when it cannot be read */
export async function sourceFile(file: string, path: string): Promise<SourceFile> {
  try {
    const bytes = await readFile(file);
    return { path, bytes: TEXT.test(path) ? withoutCarriageReturns(bytes) : bytes };
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function filesBelow(folder: string, name: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const parts = await Promise.all(
    entries
      .filter((entry) => !LEFT_BEHIND.test(entry.name))
      .map(async (entry) => {
        const file = join(folder, entry.name);
        const path = posix.join(name, entry.name);
        return entry.isDirectory() ? filesBelow(file, path) : [await sourceFile(file, path)];
      }),
  );
  return parts.flat();
}

function withoutCarriageReturns(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0x0d)) return bytes;
  return bytes.filter((byte, index) => byte !== 0x0d || bytes[index + 1] !== 0x0a);
}

function unreadable(path: string, cause: unknown): JobFailure {
  const { code } = cause as NodeJS.ErrnoException;
  return new JobFailure(`${path} cannot be read (${code ?? String(cause)}).`, { cause });
}
