import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatInstant, type PipelineRun, type PipelineStage, REJECTED_RECORDS } from '@pulselake/data-model';
import { LakeError } from './errors.js';
import { isNotFound, type LakeFiles, makeDurableDirectories, nodeLakeFiles, readTextIfThere } from './lake-files.js';
import { LAKE_VERSION, LANDING, LOCK, MARKER, STAGING, STREAM_ACCOUNTS } from './lake-layout.js';
import { acquireLock } from './lake-lock.js';
import { type Ledger, readLedger } from './run-ledger.js';
import { type Recovery, recoverLake } from './recover-lake.js';
import { RunTransaction } from './run-transaction.js';

/** How a {@link Lake} is opened. */
export interface LakeOptions {
  /** Shown to other commands while this one holds the lock. */
  readonly command: string;
  /** The time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Makes a folder that does not exist, or is empty, a lake. Default false. */
  readonly create?: boolean;
  /** The lake is only read: one that cannot be written is taken as it is, without a lock. Default false. */
  readonly readsOnly?: boolean;
  /** Fails instead of waiting for another command. Default false. */
  readonly noWait?: boolean;
  /** Tells that it waits, or what recovery did. */
  readonly onMessage?: (message: string) => void;
  readonly files?: LakeFiles;
  readonly signal?: AbortSignal;
}

const MARKER_TEXT = `${JSON.stringify({ format: 'pulselake', version: LAKE_VERSION })}\n`;

/** A lake in a folder. */
export class Lake {
  readonly #known = new Map<string, PipelineRun>();
  #toldUnwritable = false;
  /** Ends with the last piece of work that asked for the lock in this process. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    /** The folder. */
    readonly root: string,
    readonly files: LakeFiles,
    private readonly options: LakeOptions,
  ) {}

  /**
   * Opens a lake and ends what a crash may have left.
   *
   * @throws LakeError when the folder is no lake, or one of a later version
   * @throws LakeBusyError with `noWait` when another command holds it
   */
  static async open(root: string, options: LakeOptions): Promise<Lake> {
    const files = options.files ?? nodeLakeFiles;
    const lake = new Lake(root, files, options);
    const marker = await readMarker(root);
    if (marker === undefined) {
      if (!options.create) {
        throw new LakeError(
          `${root} is not a lake. Name one with --lake DIR, or make one: pulselake start, or pulselake ingest.`,
        );
      }
      await createLake(root, files);
    } else {
      checkMarker(root, marker);
    }
    await lake.locked(() => Promise.resolve());
    return lake;
  }

  /** The time in milliseconds since the epoch. */
  now(): number {
    return this.options.clock();
  }

  /** Starts a run: nothing of it is seen before its commit. */
  newRunId(stage: PipelineStage): string {
    const stamp = formatInstant(this.now()).replace(/[-:.]/g, '');
    return `${stage}-${stamp}-${randomBytes(4).toString('hex')}`;
  }

  begin(runId: string, commitNumber = 0): Promise<RunTransaction> {
    return RunTransaction.begin(this.root, this.files, runId, commitNumber);
  }

  /** Every run, in the order of their start. */
  async ledger(): Promise<Ledger> {
    return readLedger(this.root, this.#known);
  }

  /** Does something as the lake's only writer, after recovery. The ledger is read under the lock. */
  locked<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    // The lock is between processes; this one's own pieces of work take turns before it.
    const done = this.#turn.then(() => this.#lockedNow(work));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #lockedNow<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    const release = await this.#acquire();
    if (!release) return work(await this.ledger());
    try {
      const recovery = await recoverLake(this.root, this.files);
      this.#tell(recovery);
      return await work(await this.ledger());
    } finally {
      await release();
    }
  }

  /** @returns nothing when the lake is only read and cannot be written */
  async #acquire(): Promise<(() => Promise<void>) | undefined> {
    const { command, noWait, onMessage, signal } = this.options;
    const lock = acquireLock(join(this.root, LOCK), {
      files: this.files,
      command,
      ...(noWait !== undefined && { noWait }),
      ...(onMessage && { onWait: onMessage }),
      ...(signal && { signal }),
    });
    try {
      return await lock;
    } catch (error) {
      if (this.options.readsOnly !== true || !isUnwritable(error)) throw error;
      if (!this.#toldUnwritable) onMessage?.('The lake cannot be written here: it is read as it is, without a lock.');
      this.#toldUnwritable = true;
      return undefined;
    }
  }

  #tell({ rolledForward, swept }: Recovery): void {
    if (rolledForward.length > 0)
      this.options.onMessage?.(`Finished ${rolledForward.join(', ')}, which had been interrupted.`);
    if (swept.length > 0)
      this.options.onMessage?.(`Swept ${swept.join(', ')}, which had been interrupted before its commit.`);
  }
}

const UNWRITABLE: ReadonlySet<unknown> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT']);

function isUnwritable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return UNWRITABLE.has(code);
}

/** The number of the next commit. */
export function nextSequence(runs: readonly PipelineRun[]): number {
  return runs.reduce((highest, run) => Math.max(highest, run.sequence ?? 0), 0) + 1;
}

async function readMarker(root: string): Promise<string | undefined> {
  return readTextIfThere(join(root, MARKER));
}

async function createLake(root: string, files: LakeFiles): Promise<void> {
  let names: string[] = [];
  try {
    names = await readdir(root);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  // A landing folder may be filled, and a Flink job may write, before the lake is made; the others are of a making that
  // was interrupted.
  const expected = new Set([LANDING, STREAM_ACCOUNTS, REJECTED_RECORDS.prefix, LOCK, STAGING]);
  const foreign = names.filter((name) => !expected.has(name) && !name.startsWith(`${MARKER}.`));
  if (foreign.length > 0) {
    throw new LakeError(
      `${root} is neither a lake nor empty: it holds ${foreign.slice(0, 3).join(', ')}. Name another folder with --lake DIR.`,
    );
  }
  await makeDurableDirectories(files, [dirname(root)]);
  await files.makeDirectory(root);
  // A making that was interrupted may have left the folder there, and not safe.
  await files.syncDirectory(dirname(root));
  await files.makeDirectory(join(root, STAGING));
  const draft = join(root, `${MARKER}.${randomBytes(4).toString('hex')}`);
  await files.write(draft, MARKER_TEXT);
  await files.rename(draft, join(root, MARKER));
  await files.syncDirectory(root);
}

function checkMarker(root: string, text: string): void {
  if (text === MARKER_TEXT) return;
  let marker: unknown;
  try {
    marker = JSON.parse(text);
  } catch {
    throw new LakeError(`${join(root, MARKER)} is damaged. It must be ${MARKER_TEXT.trim()}.`);
  }
  const version = (marker as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > LAKE_VERSION) {
    throw new LakeError(
      `${root} was made by a later pulselake (layout ${version}; this one knows ${LAKE_VERSION}). Update pulselake. If none did, ${MARKER} is damaged: it must be ${MARKER_TEXT.trim()}.`,
    );
  }
  throw new LakeError(`${join(root, MARKER)} is damaged. It must be ${MARKER_TEXT.trim()}.`);
}
