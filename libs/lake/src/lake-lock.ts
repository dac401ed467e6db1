import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LakeBusyError } from './errors.js';
import { type LakeFiles, readTextIfThere } from './lake-files.js';
import { isAlive, type ProcessOwner, thisProcess } from './process-owner.js';

interface LockRecord extends ProcessOwner {
  /** What the owner does, for people. */
  readonly command: string;
}

export interface LockOptions {
  readonly files: LakeFiles;
  /** Shown to whoever waits. */
  readonly command: string;
  /** Called once when the lock is held by another command. */
  readonly onWait?: (message: string) => void;
  /** Fails instead of waiting. Default false. */
  readonly noWait?: boolean;
  readonly signal?: AbortSignal;
}

const NAME = /^lock-(\d{12})$/;
const DRAFT = /^draft-(\d+)-/;
const POLL_MS = 25;

/**
 * One writer at a time, across processes.
 *
 * Locks are numbered files and the highest number counts; it is never removed, only emptied. So the next number can be
 * made by exactly one process, also when several find the same owner dead at the same time. An empty file is a released lock: emptying it
 * succeeds on a full disk too.
 *
 * @returns a function that releases the lock
 * @throws LakeBusyError with `noWait` when another command holds the lake
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<() => Promise<void>> {
  const { files } = options;
  const owner = await thisProcess();
  const record: LockRecord = { ...owner, command: options.command };
  const draft = join(directory, `draft-${owner.pid}-${randomBytes(4).toString('hex')}`);
  let told = false;
  await files.makeDirectory(directory);
  for (;;) {
    options.signal?.throwIfAborted();
    const numbers = await lockNumbers(directory);
    const highest = numbers.at(-1) ?? 0;
    const holder = await readHolder(directory, highest);
    if (holder === 'free' || !(await isAlive(holder))) {
      const path = lockPath(directory, highest + 1);
      if (!(await tryMake(files, draft, path, record))) continue;
      // The number may have been taken and given up since it was read; the highest one counts.
      if ((await lockNumbers(directory)).at(-1) !== highest + 1) {
        await files.remove(path);
        continue;
      }
      for (const number of numbers) await files.remove(lockPath(directory, number));
      await sweepDrafts(directory, files);
      return () => files.writeVolatile(path, '');
    }
    const message = `The lake is in use by "${holder.command}" (process ${holder.pid}).`;
    if (options.noWait) throw new LakeBusyError(`${message} Try again when it is done, or leave out --no-wait.`);
    if (!told) options.onWait?.(`${message} Waiting for it.`);
    told = true;
    await sleep(POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
  }
}

async function lockNumbers(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

function lockPath(directory: string, number: number): string {
  return join(directory, `lock-${String(number).padStart(12, '0')}`);
}

async function readHolder(directory: string, number: number): Promise<LockRecord | 'free'> {
  if (number === 0) return 'free';
  // Gone: a newer lock was taken meanwhile; the next look finds it.
  const text = (await readTextIfThere(lockPath(directory, number))) ?? '';
  try {
    return JSON.parse(text) as LockRecord;
  } catch {
    // Released, or torn by a crash of the machine, and no owner outlives that.
    return 'free';
  }
}

/** Makes a lock that is whole from its beginning. @returns false when the number is taken */
async function tryMake(files: LakeFiles, draft: string, path: string, record: LockRecord): Promise<boolean> {
  try {
    await files.writeVolatile(draft, JSON.stringify(record));
    await files.link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await files.remove(draft);
  }
}

async function sweepDrafts(directory: string, files: LakeFiles): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = DRAFT.exec(name)?.[1];
    if (pid !== undefined && !(await isAlive({ pid: Number(pid) }))) await files.remove(join(directory, name));
  }
}
