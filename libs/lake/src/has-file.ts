import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from './lake-files.js';

/** Whether a file with this extension lies so many folders deep. */
export async function hasFile(folder: string, depth: number, extension: string): Promise<boolean> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (depth === 0 ? entry.isFile() && entry.name.endsWith(extension) : entry.isDirectory()) {
        if (depth === 0 || (await hasFile(join(folder, entry.name), depth - 1, extension))) return true;
      }
    }
    return false;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
