import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid, platform } from 'node:process';
import { gzipSync } from 'node:zlib';
import { identifyInput, InputError, readInput, type IdentifiedInput } from '../src/index.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.js';

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
const TEXT = 'a,b\n1,2\n';

function fileOf(content: Buffer | string, name = 'in.csv'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const identify = (path: string, prefixLengths?: readonly number[]) =>
  identifyInput(path, `uri of ${path}`, prefixLengths);

async function contentOf(identified: IdentifiedInput): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A block may be filled again after its step.
  for await (const chunk of readInput(identified)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Several blocks of bytes that do not compress. */
function longContent(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0, state = 1; at < bytes; at++) content[at] = (state = (state * 48271) % 2147483647) & 0xff;
  return content;
}

describe('identifyInput', () => {
  it('says what a plain file is', async () => {
    const path = fileOf(TEXT);
    utimesSync(path, 1_700_000_000, 1_700_000_000.987);
    expect(await identify(path)).toMatchObject({
      path,
      gzip: false,
      modifiedMs: 1_700_000_000_000,
      input: {
        uri: `uri of ${path}`,
        inputId: sha256(TEXT),
        sha256: sha256(TEXT),
        bytes: 8,
        contentBytes: 8,
        modifiedAt: '2023-11-14T22:13:20.000Z',
      },
    });
  });

  it('gives the same inputId to the same content, plain, compressed, or compressed in several members', async () => {
    const members = Buffer.concat([gzipSync('a,b\n'), gzipSync(''), gzipSync('1,2\n', { level: 1 })]);
    for (const bytes of [gzipSync(TEXT), members]) {
      const identified = await identify(fileOf(bytes, 'in.csv.gz'));
      expect(identified).toMatchObject({
        gzip: true,
        input: { inputId: sha256(TEXT), sha256: sha256(bytes), bytes: bytes.length, contentBytes: 8 },
      });
      expect((await contentOf(identified)).toString()).toBe(TEXT);
    }
  });

  it('knows gzip by its content, not by its name', async () => {
    const identified = await identify(fileOf(gzipSync(TEXT), 'in.csv'));
    expect(identified.gzip).toBe(true);
    expect(identified.input.inputId).toBe(sha256(TEXT));
  });

  it.each(['in.csv', 'in.csv.gz'])('takes the empty file %s for an empty input', async (name) => {
    const identified = await identify(fileOf('', name));
    expect(identified.input).toMatchObject({ inputId: sha256(''), bytes: 0, contentBytes: 0 });
    expect((await contentOf(identified)).length).toBe(0);
  });

  it('takes a single byte for what it is', async () => {
    expect((await identify(fileOf('\x1f'))).input.inputId).toBe(sha256('\x1f'));
  });

  it('digests the first bytes for each length that is there', async () => {
    for (const path of [fileOf(TEXT), fileOf(gzipSync(TEXT))]) {
      const { prefixDigests, input } = await identify(path, [8, 4, 4, 9, 1]);
      expect([...prefixDigests]).toEqual([
        [1, sha256('a')],
        [4, sha256('a,b\n')],
        [8, sha256(TEXT)],
      ]);
      expect(input.inputId).toBe(sha256(TEXT));
    }
  });

  it('reads blocks and prefixes of any length right', async () => {
    const content = longContent(2_500_000);
    const plain = fileOf(content);
    const gzip = fileOf(gzipSync(content, { level: 1 }));
    const length = fc.oneof(fc.nat(2_500_001), fc.constantFrom(1 << 20, 2 << 20, 2_500_000));
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 4 }), async (lengths) => {
        const there = [...new Set(lengths)].filter((wanted) => wanted <= content.length).sort((a, b) => a - b);
        const digests = there.map((wanted) => [wanted, sha256(content.subarray(0, wanted))]);
        for (const path of [plain, gzip]) {
          const identified = await identify(path, lengths);
          expect([...identified.prefixDigests]).toEqual(digests);
          expect(identified.input.inputId).toBe(sha256(content));
        }
      }),
      { numRuns: 8 },
    );
    for (const path of [plain, gzip]) expect(sha256(await contentOf(await identify(path)))).toBe(sha256(content));
  });
});

describe('a damaged input', () => {
  const bytes = gzipSync(TEXT);
  const flipped = (at: number) => {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? copy.length + at : at]! ^= 1;
    return copy;
  };

  it.each([
    ['cut in its trailer', bytes.subarray(0, -1), /damaged or cut off/],
    ['cut in its data', bytes.subarray(0, -10), /damaged or cut off/],
    ['cut in its header', bytes.subarray(0, 5), /damaged or cut off/],
    ['a wrong checksum', flipped(-8), /damaged or cut off/],
    ['a wrong length', flipped(-1), /damaged or cut off/],
    ['damaged data', flipped(12), /damaged or cut off/],
    ['text behind its end', Buffer.concat([bytes, Buffer.from('more')]), /./],
    ['zeros behind its end', Buffer.concat([bytes, Buffer.alloc(10)]), /bytes behind the end/],
    ['a second member that is cut', Buffer.concat([bytes, bytes.subarray(0, -3)]), /damaged or cut off/],
    ['half a header of a second member', Buffer.concat([bytes, bytes.subarray(0, 1)]), /./],
    ['plain text under a name that says gzip', Buffer.from(TEXT), /is not a gzip file, though its name says so/],
  ])('fails: %s', async (_, content, message) => {
    const path = fileOf(content, 'in.csv.gz');
    const attempt = identify(path);
    await expect(attempt).rejects.toBeInstanceOf(InputError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(path);
  });

  it('fails for any single flipped bit of the data or the trailer, or has the same content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10 * 8, max: bytes.length * 8 - 1 }), async (bit) => {
        const copy = Buffer.from(bytes);
        copy[bit >> 3]! ^= 1 << (bit & 7);
        const identified = await identify(fileOf(copy, 'in.gz')).catch((error: unknown) => error);
        if (!(identified instanceof InputError))
          expect((identified as IdentifiedInput).input.inputId).toBe(sha256(TEXT));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is no input', () => {
  it('fails for a missing file', async () => {
    await expect(identify('/nowhere/in.csv')).rejects.toThrow(
      new InputError('/nowhere/in.csv: there is no such file.'),
    );
  });

  it('fails for a folder', async () => {
    const path = join(temporaryFolder(), 'in.csv');
    mkdirSync(path);
    await expect(identify(path)).rejects.toThrow(new InputError(`${path} is not a regular file.`));
  });

  it('fails for a device', async () => {
    await expect(identify('/dev/null')).rejects.toThrow(new InputError('/dev/null is not a regular file.'));
  });

  it.skipIf(platform === 'win32')(
    'fails for a named pipe, without waiting for a writer',
    async () => {
      const path = join(temporaryFolder(), 'pipe');
      execFileSync('mkfifo', [path]);
      const attempt = identify(path);
      await expect(attempt).rejects.toThrow(new InputError(`${path} is not a regular file.`));
    },
    5000,
  );

  // Root may read everything, so only other users can see this fail.
  it.skipIf(getuid?.() === 0)('fails for a file that may not be read (needs: a user other than root)', async () => {
    const path = fileOf(TEXT);
    chmodSync(path, 0);
    await expect(identify(path)).rejects.toThrow(new InputError(`${path}: reading it is not permitted.`));
  });

  it('follows a link to a file', async () => {
    const path = fileOf(TEXT);
    symlinkSync(path, `${path}.link`);
    expect((await identify(`${path}.link`)).input.inputId).toBe(sha256(TEXT));
  });
});

describe('a file that changes', () => {
  it.each([
    ['grows', (path: string) => appendFileSync(path, 'x')],
    ['is overwritten with as many bytes', (path: string) => writeFileSync(path, TEXT.toUpperCase())],
    [
      'is replaced by its like',
      (path: string) => execFileSync('sh', ['-c', `cp "$0" "$0.new" && mv "$0.new" "$0"`, path]),
    ],
  ])('fails to be read when it %s after it was identified', async (_, change) => {
    for (const content of [TEXT, gzipSync(TEXT)]) {
      const path = fileOf(content);
      const identified = await identify(path);
      change(path);
      const attempt = contentOf(identified);
      await expect(attempt).rejects.toBeInstanceOf(InputError);
      await expect(attempt).rejects.toThrow(`${path} changed while it was read. Nothing of it was taken`);
    }
  });

  it('fails to be read when it grows in the middle of the reading', async () => {
    const path = fileOf(longContent(3 << 20));
    const identified = await identify(path);
    const attempt = (async () => {
      let blocks = 0;
      for await (const block of readInput(identified)) if (blocks++ === 0) appendFileSync(path, block.subarray(0, 1));
    })();
    await expect(attempt).rejects.toThrow(/changed while it was read/);
  });

  it('fails to be read when it is gone', async () => {
    const path = fileOf(TEXT);
    const identified = await identify(path);
    execFileSync('rm', [path]);
    await expect(contentOf(identified)).rejects.toThrow(new InputError(`${path}: there is no such file.`));
  });

  it('may be left in the middle', async () => {
    for (const content of [longContent(3 << 20), gzipSync(longContent(3 << 20), { level: 1 })]) {
      const identified = await identify(fileOf(content));
      for await (const block of readInput(identified)) {
        expect(block.length).toBeGreaterThan(0);
        break;
      }
    }
  });
});
