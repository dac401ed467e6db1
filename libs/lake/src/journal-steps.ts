import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fileBlocks } from './file-blocks.js';
import { isNotFound } from './lake-files.js';

/** A step of a stream, as it was and as it is replayed. */
export type JournalStep =
  /** A part of what the stream held when the segment was cut. */
  | { readonly kind: 'state'; readonly atMs: number; readonly bytes: Buffer }
  /** The stream began at `atMs`; `bytes` are its settings as JSON, for the replay. */
  | { readonly kind: 'begin'; readonly atMs: number; readonly bytes: Buffer }
  | { readonly kind: 'batch'; readonly atMs: number; readonly bytes: Buffer }
  /** Whole records of a shard, and how far it has been read with them. */
  | { readonly kind: 'records'; readonly atMs: number; readonly bytes: Buffer }
  /** Processing time moved event time on, or an input fell idle. */
  | { readonly kind: 'clock'; readonly atMs: number };

interface StepHead {
  readonly kind: JournalStep['kind'];
  readonly atMs: number;
  readonly length: number;
  readonly crc: number;
}

const LF = 0x0a;
/** No head is as long. */
const MAX_HEAD_BYTES = 256;

/** A line of JSON with the length of the bytes that follow it and the CRC of all, the bytes, and a line end. */
export function encodeStep(step: JournalStep): Buffer {
  const bytes = step.kind === 'clock' ? Buffer.alloc(0) : step.bytes;
  const head: StepHead = { kind: step.kind, atMs: step.atMs, length: bytes.length, crc: crcOf(step, bytes) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes, Buffer.from('\n')]);
}

/**
 * The steps of a file in their order, up to the first that is torn or damaged. Memory holds one of them at a time. A file
 * that is gone holds none; one that cannot be read fails, since it must not look empty.
 */
export async function* readSteps(path: string): AsyncGenerator<JournalStep> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const bytes = new BlockReader(fileBlocks(file, size), size);
    for (;;) {
      const headBytes = await bytes.line();
      const head = headBytes && readHead(headBytes.toString());
      // A damaged length must not have memory taken for it.
      if (!head || head.length + 1 > bytes.left) return;
      const content = await bytes.take(head.length);
      const end = await bytes.take(1);
      if (end[0] !== LF || crcOf(head, content) !== head.crc) return;
      const { kind, atMs } = head;
      yield kind === 'clock' ? { kind, atMs } : { kind, atMs, bytes: content };
    }
  } finally {
    await file.close();
  }
}

/** Bytes of a file in pieces of the reader's choice. */
class BlockReader {
  #pending: Buffer = Buffer.alloc(0);
  #left: number;

  constructor(
    private readonly blocks: AsyncGenerator<Buffer>,
    size: number,
  ) {
    this.#left = size;
  }

  /** Bytes not taken yet. */
  get left(): number {
    return this.#left;
  }

  /** The next line without its end; undefined when there is none, or none of a head's length. */
  async line(): Promise<Buffer | undefined> {
    await this.#fill(MAX_HEAD_BYTES);
    const end = this.#pending.indexOf(LF);
    if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
    const line = await this.take(end);
    await this.take(1);
    return line;
  }

  /** The next bytes, fewer at the end of the file. */
  async take(length: number): Promise<Buffer> {
    await this.#fill(length);
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.#left -= taken.length;
    return taken;
  }

  async #fill(length: number): Promise<void> {
    if (this.#pending.length >= length) return;
    const parts = [this.#pending];
    let total = this.#pending.length;
    while (total < length) {
      const next = await this.blocks.next();
      if (next.done) break;
      // The block is filled again later.
      parts.push(Buffer.from(next.value));
      total += next.value.length;
    }
    this.#pending = Buffer.concat(parts);
  }
}

/** The CRC of all that a step says. */
function crcOf({ kind, atMs }: Pick<JournalStep, 'kind' | 'atMs'>, bytes: Buffer): number {
  return crc32(bytes, crc32(`${kind} ${atMs}`));
}

function readHead(text: string): StepHead | undefined {
  try {
    const head = JSON.parse(text) as StepHead;
    return Number.isInteger(head.length) && head.length >= 0 ? head : undefined;
  } catch {
    return undefined;
  }
}
