import { readFile } from 'node:fs/promises';
import { kill, pid } from 'node:process';

/** A process of this machine; its start time tells it from a later one with the same id. */
export interface ProcessOwner {
  readonly pid: number;
  /** Clock ticks since boot on Linux; absent where the system does not tell. */
  readonly startedAt?: string;
}

/** This process. */
export async function thisProcess(): Promise<ProcessOwner> {
  const startedAt = (await statOf(pid))?.startedAt;
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** Whether the process still runs. One that may not be signalled runs; one that only waits to be reaped does not. */
export async function isAlive(owner: ProcessOwner): Promise<boolean> {
  try {
    kill(owner.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = await statOf(owner.pid);
  if (now === undefined) return true;
  if (now.state === 'Z' || now.state === 'X') return false;
  return owner.startedAt === undefined || owner.startedAt === now.startedAt;
}

/** What Linux says of a process; `undefined` elsewhere, or when it may not be read. */
async function statOf(processId: number): Promise<{ state: string; startedAt: string } | undefined> {
  try {
    const stat = await readFile(`/proc/${processId}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the fields behind it begin with the third, the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    return state === undefined || startedAt === undefined ? undefined : { state, startedAt };
  } catch {
    return undefined;
  }
}
