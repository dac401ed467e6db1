import { type Zippable, zipSync } from 'fflate';
import type { SourceFile } from './source-files.js';

/** Made on Unix, as all entries say. */
const UNIX = 3;

/** A regular file that its owner may write and all may read. */
const ATTRIBUTES = 0o100644 << 16;

/**
 * A ZIP file of `files` in their order. The same files give the same bytes: times, rights and system are fixed, and the
 * compression is this dependency's own code, not the zlib of the Node release that happens to run.
 */
export function reproducibleZip(files: readonly SourceFile[]): Uint8Array {
  // Local, as a ZIP file's times are, so that each time zone writes the same.
  const fixedTime = new Date(1980, 0, 1, 12, 0, 0);
  const entries: Zippable = {};
  for (const { path, bytes } of files) entries[path] = [bytes, {}];
  return zipSync(entries, { mtime: fixedTime, os: UNIX, attrs: ATTRIBUTES, level: 9 });
}
