import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashThread } from '../src/content-hash.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('HashThread', () => {
  it('gives the digest of all bytes so far, however they come, in blocks that are filled again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 12 }), async (chunks) => {
        const hash = new HashThread();
        const block = new Uint8Array(3000);
        let taken = new Uint8Array();
        try {
          for (const chunk of chunks) {
            block.set(chunk);
            await hash.update(block.subarray(0, chunk.length));
            block.fill(0xee);
            taken = Buffer.concat([taken, chunk]);
            if (chunk.length % 3 === 0) expect(await hash.digest()).toBe(sha256(taken));
          }
          expect(await hash.digest()).toBe(sha256(taken));
        } finally {
          await hash.close();
        }
      }),
      { numRuns: 30 },
    );
  });
});
