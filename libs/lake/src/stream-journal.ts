import { dirname, join } from 'node:path';
import { pid } from 'node:process';
import { type AppendFile, type LakeFiles, listNames, makeDurableDirectories, readTextIfThere } from './lake-files.js';
import { encodeStep, type JournalStep, readSteps } from './journal-steps.js';
import { JOURNAL } from './lake-layout.js';
import { isAlive, type ProcessOwner, thisProcess } from './process-owner.js';

const OWNER = 'owner.json';
const SEGMENT = /^steps-(\d{8})\.log$/;
const DRAFT = /^\..*\.(\d+)$/;

/** What a replay begins with. */
export type JournalBegin = Omit<Extract<JournalStep, { kind: 'begin' }>, 'kind'>;

/**
 * The append-only record of a stream that cannot be read again, in segments of bounded size.
 *
 * Each segment stands for itself: it begins with what the stream held when the segment was cut (`state` steps, none in the
 * first), then `begin`, then the steps that followed. So a replay needs one segment, the last whose `begin` is whole, and
 * as soon as a new one is synced, with its entry in the folder, the one before goes. The journal is as large as what the
 * stream holds in memory and the steps since the last cut, however long the stream runs.
 */
export class StreamJournal {
  #file: AppendFile;
  #headBytes = 0;
  #bytes = 0;
  #entryIsSynced = false;
  #unsynced = false;
  #synced: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isClosed = false;

  private constructor(
    private readonly files: LakeFiles,
    private readonly directory: string,
    /** The number of the segment that is written. */
    private segment = 1,
  ) {
    this.#file = files.openAppend(segmentPath(directory, segment));
  }

  /** Makes the journal of a run. */
  static async create(root: string, files: LakeFiles, runId: string, begin: JournalBegin): Promise<StreamJournal> {
    const directory = join(root, JOURNAL, runId);
    // Made under a name that nobody takes over while this process lives, so that a journal always has its owner in it.
    const draft = join(root, JOURNAL, `.${runId}.${pid}`);
    await makeDurableDirectories(files, [dirname(draft)]);
    await files.makeDirectory(draft);
    // No owner outlives a crash of the machine: its record need not either.
    await files.writeVolatile(join(draft, OWNER), JSON.stringify(await thisProcess()));
    await files.rename(draft, directory);
    await files.syncDirectory(dirname(directory));
    const journal = new StreamJournal(files, directory);
    journal.#begin([], begin);
    await journal.sync();
    return journal;
  }

  /** Goes on with the journal of a process that is gone, in a segment that begins with what its replay held. */
  static async goOn(
    files: LakeFiles,
    directory: string,
    segments: readonly number[],
    { state, begin }: { readonly state: readonly Buffer[]; readonly begin: JournalBegin },
  ): Promise<StreamJournal> {
    const journal = new StreamJournal(files, directory, Math.max(0, ...segments) + 1);
    journal.#begin(state, begin);
    await journal.sync();
    for (const number of segments) await files.remove(segmentPath(directory, number));
    return journal;
  }

  /** Bytes of the steps since the last cut. */
  get bytes(): number {
    return this.#bytes - this.#headBytes;
  }

  /** Bytes of the state that the last cut wrote. */
  get stateBytes(): number {
    return this.#headBytes;
  }

  /**
   * Appends a step. It is safe after the next {@link sync}. After a failure nothing may be appended: what follows a torn
   * step is not read.
   */
  append(step: JournalStep): void {
    const bytes = encodeStep(step);
    this.#file.append(bytes);
    this.#bytes += bytes.length;
    this.#unsynced = true;
  }

  /** Makes every step so far safe. Calls that come while a sync is under way share the next one. */
  sync(): Promise<void> {
    if (!this.#unsynced) return this.#synced;
    // One that failed fails all later ones: what it should have kept is not safe.
    this.#next ??= this.#synced.then(async () => {
      this.#next = undefined;
      this.#unsynced = false;
      await this.#file.sync();
      if (this.#entryIsSynced) return;
      await this.files.syncDirectory(this.directory);
      this.#entryIsSynced = true;
    });
    this.#synced = this.#next;
    // Whoever needs it awaits it; nobody else is told of its failure.
    this.#synced.catch(() => undefined);
    return this.#synced;
  }

  /**
   * Goes on in a new segment, at once, and removes the one before when the new one is safe.
   *
   * @param state what a replay of the new segment starts from, in parts of any number
   */
  async cut(state: readonly Buffer[], begin: JournalBegin): Promise<void> {
    const before = this.#file;
    const path = segmentPath(this.directory, this.segment);
    this.#file = this.files.openAppend(segmentPath(this.directory, ++this.segment));
    this.#entryIsSynced = false;
    this.#bytes = 0;
    try {
      this.#begin(state, begin);
      await this.sync();
    } finally {
      // A sync of the segment before may still be under way.
      await this.#synced.catch(() => undefined);
      before.close();
    }
    await this.files.remove(path);
  }

  /** Ends and removes the journal: all it holds is committed. */
  async remove(): Promise<void> {
    this.#file.close();
    await this.files.remove(this.directory);
  }

  /** Ends the journal and leaves it to the next replay, also in this process. May be called again when it failed. */
  async abandon(): Promise<void> {
    await this.#synced.catch(() => undefined);
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
    await this.files.remove(join(this.directory, OWNER));
  }

  #begin(state: readonly Buffer[], begin: JournalBegin): void {
    for (const bytes of state) this.append({ kind: 'state', atMs: begin.atMs, bytes });
    this.append({ kind: 'begin', ...begin });
    this.#headBytes = this.#bytes;
  }
}

/** A journal whose process is gone: what it holds is still to be brought into the lake. */
export interface AbandonedJournal {
  readonly runId: string;
  /** Whether it was cut: then an earlier part of the stream is nowhere but in what it holds. */
  readonly wasCut: boolean;
  /** The steps of the last segment that is whole at its start, in their order; the last is the last that is whole. */
  steps(): AsyncGenerator<JournalStep>;
  remove(): Promise<void>;
  /** Goes on writing it, from the state that its replay has come to. */
  goOn(state: readonly Buffer[], begin: JournalBegin): Promise<StreamJournal>;
  /** Leaves it to the next replay, also in this process. */
  release(): Promise<void>;
}

/** Takes over every journal whose process is gone, and sweeps those that were never begun. The caller holds the lock. */
export async function takeAbandonedJournals(root: string, files: LakeFiles): Promise<AbandonedJournal[]> {
  const abandoned: AbandonedJournal[] = [];
  for (const name of await listNames(join(root, JOURNAL))) {
    const directory = join(root, JOURNAL, name);
    const draftOf = DRAFT.exec(name)?.[1];
    const owner = (await readOwner(join(directory, OWNER))) ?? (draftOf ? { pid: Number(draftOf) } : undefined);
    if (owner && (await isAlive(owner))) continue;
    if (name.startsWith('.')) {
      await files.remove(directory);
      continue;
    }
    await files.writeVolatile(join(directory, OWNER), JSON.stringify(await thisProcess()));
    const segments = await segmentNumbers(directory);
    abandoned.push({
      runId: name,
      wasCut: segments.some((number) => number > 1),
      steps: () => stepsOfLast(directory, segments),
      remove: () => files.remove(directory),
      goOn: (state, begin) => StreamJournal.goOn(files, directory, segments, { state, begin }),
      release: () => files.remove(join(directory, OWNER)),
    });
  }
  return abandoned;
}

async function* stepsOfLast(directory: string, segments: readonly number[]): AsyncGenerator<JournalStep> {
  for (const number of segments.toReversed()) {
    if (!(await hasBegin(segmentPath(directory, number)))) continue;
    yield* readSteps(segmentPath(directory, number));
    return;
  }
}

async function hasBegin(path: string): Promise<boolean> {
  for await (const { kind } of readSteps(path)) if (kind === 'begin') return true;
  return false;
}

async function segmentNumbers(directory: string): Promise<number[]> {
  return (await listNames(directory)).flatMap((name) => SEGMENT.exec(name)?.[1] ?? []).map(Number);
}

function segmentPath(directory: string, number: number): string {
  return join(directory, `steps-${String(number).padStart(8, '0')}.log`);
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
