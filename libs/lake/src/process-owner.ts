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
  return ownerOf(pid);
}

/** Whether the process still runs. One that may not be signalled runs. */
export async function isAlive(owner: ProcessOwner): Promise<boolean> {
  try {
    kill(owner.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = await ownerOf(owner.pid);
  return owner.startedAt === undefined || now.startedAt === undefined || owner.startedAt === now.startedAt;
}

async function ownerOf(processId: number): Promise<ProcessOwner> {
  try {
    const stat = await readFile(`/proc/${processId}/stat`, 'utf8');
    // The name in parentheses may hold spaces; field 22 is the 20th behind it.
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return startedAt === undefined ? { pid: processId } : { pid: processId, startedAt };
  } catch {
    return { pid: processId };
  }
}
