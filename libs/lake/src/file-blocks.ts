import type { FileHandle } from 'node:fs/promises';

/** Bytes read at once. */
export const BLOCK_BYTES = 1 << 20;

/** A file from its start, in blocks that are filled again later: the next one is read while the last is used. */
export async function* fileBlocks(file: FileHandle): AsyncGenerator<Buffer> {
  let position = 0;
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let spare = Buffer.allocUnsafe(BLOCK_BYTES);
  let reading = file.read(block, 0, BLOCK_BYTES, position);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      position += bytesRead;
      const filled = block.subarray(0, bytesRead);
      [block, spare] = [spare, block];
      reading = file.read(block, 0, BLOCK_BYTES, position);
      // Whoever awaits it next hears of a failure.
      reading.catch(() => undefined);
      yield filled;
    }
  } finally {
    await reading.catch(() => undefined);
  }
}
