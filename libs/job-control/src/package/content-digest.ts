import { createHash } from 'node:crypto';
import type { SourceFile } from './source-files.js';

/** SHA-256 in hex over the names and bytes of files, in their order. Pure. */
export function contentDigest(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) {
    // The lengths keep one file's end apart from the next one's beginning.
    hash.update(`${Buffer.byteLength(path)} ${path} ${bytes.byteLength} `).update(bytes);
  }
  return hash.digest('hex');
}

/** SHA-256 of bytes in hex. Pure. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** As much of a digest as names show. */
export function shortDigest(sha256: string): string {
  return sha256.slice(0, 12);
}
