import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { formatInstant, type RunInput } from '@pulselake/data-model';
import { InputError } from './errors.js';
import { BLOCK_BYTES, fileBlocks } from './file-blocks.js';

/** An input file as it is found. */
interface FoundInput {
  readonly path: string;
  readonly gzip: boolean;
  /** As it is stored. */
  readonly bytes: number;
  /** To see whether the file changed. */
  readonly stamp: string;
}

/** An input file whose content is known: what the ledger says of it. */
export interface IdentifiedInput extends FoundInput {
  readonly input: RunInput & { readonly contentBytes: number };
  readonly modifiedMs: number;
  /** Digest of the first bytes, for each length that was asked for and is there. */
  readonly prefixDigests: ReadonlyMap<number, string>;
}

/**
 * Reads a file through and says what it is: digests as stored and decompressed, size, last modification.
 *
 * @param uri the address that the ledger keeps
 * @param prefixLengths lengths of decompressed bytes whose digests are wanted, to see whether an older version has grown
 * @throws InputError when it cannot be read, is no regular file, or its gzip is damaged
 */
export async function identifyInput(
  path: string,
  uri: string,
  prefixLengths: readonly number[] = [],
): Promise<IdentifiedInput> {
  return withFile(path, (file) => identify(file, path, uri, prefixLengths));
}

async function identify(
  file: FileHandle,
  path: string,
  uri: string,
  prefixLengths: readonly number[],
): Promise<IdentifiedInput> {
  const before = await regularFile(file, path);
  const stored = createHash('sha256');
  const content = createHash('sha256');
  const lengths = [...new Set(prefixLengths)].sort((a, b) => a - b);
  const prefixDigests = new Map<number, string>();
  let contentBytes = 0;
  const gzip = await isGzip(file, path);
  const found = { path, gzip, bytes: Number(before.size) };
  for await (const chunk of decompressed(file, found, (bytes) => stored.update(bytes))) {
    let rest = chunk;
    while (lengths.length > 0 && contentBytes + rest.length >= lengths[0]!) {
      const cut = lengths.shift()! - contentBytes;
      content.update(rest.subarray(0, cut));
      rest = rest.subarray(cut);
      contentBytes += cut;
      prefixDigests.set(contentBytes, content.copy().digest('hex'));
    }
    content.update(rest);
    contentBytes += rest.length;
  }
  const stamp = stampOf(before);
  if (stampOf(await file.stat({ bigint: true })) !== stamp) throw changed(path);
  // Cut to the second: what object stores and file systems agree on.
  const modifiedMs = Math.floor(Number(before.mtimeNs / 1_000_000_000n)) * 1000;
  const inputId = content.digest('hex');
  return {
    path,
    gzip,
    modifiedMs,
    prefixDigests,
    stamp,
    bytes: Number(before.size),
    input: {
      uri,
      inputId,
      bytes: Number(before.size),
      sha256: gzip ? stored.digest('hex') : inputId,
      contentBytes,
      modifiedAt: formatInstant(modifiedMs),
    },
  };
}

/**
 * The decompressed bytes of an input, in blocks that may be reused after each step.
 *
 * @param onRead told how many of the decompressed bytes were read, and how many there are, where that is known
 * @throws InputError when the file is not what was found, any more or at the end
 */
export async function* readInput(
  identified: IdentifiedInput,
  onRead?: (read: number, total: number) => void,
): AsyncGenerator<Buffer> {
  const { path, stamp, input } = identified;
  let read = 0;
  const file = await openFile(path);
  try {
    if (stampOf(await regularFile(file, path)) !== stamp) throw changed(path);
    for await (const chunk of decompressed(file, identified)) {
      read += chunk.length;
      onRead?.(read, input.contentBytes);
      yield chunk;
    }
    if (stampOf(await file.stat({ bigint: true })) !== stamp) throw changed(path);
  } finally {
    await file.close();
  }
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // A named pipe without a writer would block for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function regularFile(file: FileHandle, path: string): Promise<BigIntStats> {
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) throw new InputError(`${path} is not a regular file.`);
  return stats;
}

function stampOf(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}

function changed(path: string): InputError {
  return new InputError(
    `${path} changed while it was read. Nothing of it was taken; ingest it again when it is complete.`,
  );
}

async function isGzip(file: FileHandle, path: string): Promise<boolean> {
  const magic = Buffer.alloc(2);
  const { bytesRead } = await file.read(magic, 0, 2, 0).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b) return true;
  if (bytesRead > 0 && path.endsWith('.gz'))
    throw new InputError(`${path} is not a gzip file, though its name says so.`);
  return false;
}

async function* decompressed(
  file: FileHandle,
  { path, gzip, bytes: size }: Omit<FoundInput, 'stamp'>,
  onStored?: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  if (!gzip) {
    yield* blocks(file, path, size);
    return;
  }
  let storedBytes = 0;
  async function* stored(): AsyncGenerator<Buffer> {
    for await (const block of blocks(file, path, size)) {
      onStored?.(block);
      storedBytes += block.length;
      // The block is filled again before the stream is done with it.
      yield Buffer.from(block);
    }
  }
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  // Errors reach the reader through the stream itself.
  pipeline(Readable.from(stored()), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: the gzip data is damaged or cut off (${reasonOf(error)}).`, { cause: error });
  }
  if (gunzip.bytesWritten !== storedBytes)
    throw new InputError(`${path}: there are bytes behind the end of the gzip data.`);
}

async function* blocks(file: FileHandle, path: string, size: number): AsyncGenerator<Buffer> {
  try {
    yield* fileBlocks(file, size);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): InputError {
  return new InputError(`${path}: ${reasonOf(error)}.`, { cause: error });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'reading it is not permitted';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ELOOP') return 'its links lead in a circle';
  if (code === 'ENXIO') return 'it is not a regular file';
  return error instanceof Error ? error.message : String(error);
}
