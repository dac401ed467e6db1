import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { glob } from 'tinyglobby';
import { InputError } from './errors.js';
import type { EventSource } from './event-source.js';

const GLOB = /[*?[\]{}]/;
const GZIP = Buffer.of(0x1f, 0x8b);

/**
 * The files that arguments name, each once: paths as they are, patterns in the order of their names.
 *
 * @throws InputError when there is no such file, or a pattern finds none
 */
export async function fileSources(args: readonly string[]): Promise<EventSource[]> {
  const paths = new Set<string>();
  for (const arg of args) {
    const found = await stat(arg).catch(() => undefined);
    if (found?.isFile()) paths.add(arg);
    else if (found) throw new InputError(`${arg} is not a file. Name files, or a pattern like "${arg}/*.ndjson".`);
    else if (!GLOB.test(arg)) throw new InputError(`${arg}: there is no such file.`);
    else {
      const names = await glob(arg, { onlyFiles: true, absolute: isAbsolute(arg) });
      if (names.length === 0) throw new InputError(`${arg}: the pattern finds no file.`);
      for (const name of names.sort()) paths.add(name);
    }
  }
  return [...paths].map(fileSource);
}

function fileSource(path: string): EventSource {
  return {
    name: path,
    isRepeatable: true,
    async *open(signal) {
      try {
        yield* await decompressed(path, signal);
      } catch (cause) {
        if (signal.aborted) return;
        throw new InputError(`${path} cannot be read: ${(cause as Error).message}.`, { cause });
      }
    },
  };
}

/** By its first bytes, whatever its name. */
async function decompressed(path: string, signal: AbortSignal): Promise<Readable> {
  const handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
  const file = addAbortSignal(signal, createReadStream(path, { highWaterMark: 262_144 }));
  if (!buffer.equals(GZIP)) return file;
  const gunzip = createGunzip({ chunkSize: 262_144 });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}
