import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileBlocks } from './file-blocks.js';

/** Size and SHA-256 of a file as it is stored. */
export async function digestFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    const { size } = await file.stat();
    for await (const block of fileBlocks(file, size)) {
      hash.update(block);
      bytes += block.length;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}
