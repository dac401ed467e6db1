import type { FileHandle } from 'node:fs/promises';

/** Bytes read at once. */
export const BLOCK_BYTES = 1 << 20;

/** Blocks are not smaller, though the file may be. */
const LEAST_BYTES = 4096;

/**
 * A file from its start, in blocks that are filled again later: the next one is read while the last is used.
 *
 * @param size of the file, where it is known: small files then take little memory
 */
export async function* fileBlocks(file: FileHandle, size = BLOCK_BYTES): AsyncGenerator<Buffer> {
  const blockBytes = Math.min(BLOCK_BYTES, Math.max(LEAST_BYTES, size + 1));
  let position = 0;
  let block = Buffer.allocUnsafe(blockBytes);
  let spare = Buffer.allocUnsafe(blockBytes);
  let reading = file.read(block, 0, blockBytes, position);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      position += bytesRead;
      const filled = block.subarray(0, bytesRead);
      [block, spare] = [spare, block];
      reading = file.read(block, 0, blockBytes, position);
      // Whoever awaits it next hears of a failure.
      reading.catch(() => undefined);
      yield filled;
    }
  } finally {
    await reading.catch(() => undefined);
  }
}
