import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { isNotFound, type LakeFiles, listNames, makeDurableDirectory, readTextIfThere } from './lake-files.js';
import { JOURNAL } from './lake-layout.js';
import { isAlive, type ProcessOwner, thisProcess } from './process-owner.js';

/** A step of a stream, as it was and as it is replayed. */
export type JournalStep =
  /** The stream began; `bytes` are its settings as JSON, for the replay. */
  | { readonly kind: 'begin'; readonly atMs: number; readonly bytes: Buffer }
  | { readonly kind: 'batch'; readonly atMs: number; readonly bytes: Buffer }
  /** Processing time moved event time on, or an input fell idle. */
  | { readonly kind: 'clock'; readonly atMs: number };

const LOG = 'steps.log';
const OWNER = 'owner.json';
const DRAFT = '.';
const sync = promisify(fdatasync);

/**
 * The append-only record of a stream that cannot be read again. Each step is a line of JSON with the length of the bytes
 * that follow it and the CRC of all; a torn end, which only a crash leaves, ends the replay.
 */
export class StreamJournal {
  readonly #descriptor: number;
  #unsynced = false;
  #synced: Promise<void> = Promise.resolve();

  private constructor(
    private readonly files: LakeFiles,
    private readonly directory: string,
  ) {
    this.#descriptor = openSync(join(directory, LOG), 'a');
  }

  static async create(root: string, files: LakeFiles, runId: string): Promise<StreamJournal> {
    const directory = join(root, JOURNAL, runId);
    // Made under a name that nobody takes over, so that a journal always has its owner in it.
    const draft = join(root, JOURNAL, `${DRAFT}${runId}`);
    await makeDurableDirectory(files, draft);
    await files.write(join(draft, OWNER), JSON.stringify(await thisProcess()));
    await files.rename(draft, directory);
    await files.syncDirectory(dirname(directory));
    const journal = new StreamJournal(files, directory);
    await files.syncDirectory(directory);
    return journal;
  }

  /** Appends a step. It is safe after the next {@link sync}. */
  append(step: JournalStep): void {
    const bytes = step.kind === 'clock' ? Buffer.alloc(0) : step.bytes;
    const head = `${JSON.stringify({ kind: step.kind, atMs: step.atMs, length: bytes.length, crc: crcOf(step, bytes) })}\n`;
    const frame = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\n')]);
    for (let at = 0; at < frame.length;) at += writeSync(this.#descriptor, frame, at);
    this.#unsynced = true;
  }

  /** Makes every step so far safe. */
  sync(): Promise<void> {
    if (this.#unsynced) {
      this.#unsynced = false;
      // One that failed fails all later ones: what it should have kept is not safe.
      this.#synced = Promise.all([this.#synced, sync(this.#descriptor)]).then(() => undefined);
    }
    return this.#synced;
  }

  /** Ends and removes the journal: all it holds is committed. */
  async remove(): Promise<void> {
    closeSync(this.#descriptor);
    await removeJournal(this.files, this.directory);
  }
}

/** The CRC of all that a step says. */
function crcOf({ kind, atMs }: Pick<JournalStep, 'kind' | 'atMs'>, bytes: Buffer): number {
  return crc32(bytes, crc32(`${kind} ${atMs}`));
}

async function removeJournal(files: LakeFiles, directory: string): Promise<void> {
  await files.remove(directory);
}

/** A journal whose process is gone: what it holds is still to be brought into the lake. */
export interface AbandonedJournal {
  readonly runId: string;
  /** The steps in their order; the last is the last that is whole. */
  steps(): Promise<JournalStep[]>;
  remove(): Promise<void>;
}

/** Takes over every journal whose process is gone. The caller holds the lock. */
export async function takeAbandonedJournals(root: string, files: LakeFiles): Promise<AbandonedJournal[]> {
  const abandoned: AbandonedJournal[] = [];
  for (const runId of await listNames(join(root, JOURNAL))) {
    const directory = join(root, JOURNAL, runId);
    if (runId.startsWith(DRAFT)) continue;
    const owner = await readOwner(join(directory, OWNER));
    if (owner && (await isAlive(owner))) continue;
    await files.writeVolatile(join(directory, OWNER), JSON.stringify(await thisProcess()));
    abandoned.push({
      runId,
      steps: () => readSteps(join(directory, LOG)),
      remove: () => removeJournal(files, directory),
    });
  }
  return abandoned;
}

async function readOwner(path: string): Promise<ProcessOwner | undefined> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessOwner;
  } catch {
    // Torn by a crash of the machine, and no owner outlives that.
    return undefined;
  }
}

async function readSteps(path: string): Promise<JournalStep[]> {
  let log: Buffer;
  try {
    log = await readFile(path);
  } catch (error) {
    // Gone before its first step; anything else must not look like an empty journal, which is removed.
    if (isNotFound(error)) return [];
    throw error;
  }
  const steps: JournalStep[] = [];
  for (let at = 0; at < log.length;) {
    const headEnd = log.indexOf(0x0a, at);
    if (headEnd < 0) break;
    const head = readHead(log.toString('utf8', at, headEnd));
    if (!head) break;
    const start = headEnd + 1;
    const end = start + head.length;
    if (end >= log.length || log[end] !== 0x0a) break;
    const bytes = log.subarray(start, end);
    if (crcOf(head, bytes) !== head.crc) break;
    const { kind, atMs } = head;
    steps.push(kind === 'clock' ? { kind, atMs } : { kind, atMs, bytes });
    at = end + 1;
  }
  return steps;
}

function readHead(text: string): { kind: JournalStep['kind']; atMs: number; length: number; crc: number } | undefined {
  try {
    const head = JSON.parse(text) as { kind: JournalStep['kind']; atMs: number; length: number; crc: number };
    return Number.isInteger(head.length) && head.length >= 0 ? head : undefined;
  } catch {
    return undefined;
  }
}
