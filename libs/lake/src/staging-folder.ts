import type { ProcessOwner } from './process-owner.js';

/** What the name of a folder below `_staging/` tells. */
export interface StagingFolder {
  readonly runId: string;
  /** The process that writes there; none when it gave up after its run was recorded. */
  readonly owner?: ProcessOwner;
}

const INTERRUPTED = 'interrupted';
const NAME = new RegExp(`^(.+)\\.\\d+\\.(?:(\\d+)(?:-(\\d+))?|${INTERRUPTED})$`);

/** The name of a run's staging folder. It tells all, so that no file in it has to be synced. */
export function stagingName(runId: string, commitNumber: number, { pid, startedAt }: ProcessOwner): string {
  return `${runId}.${commitNumber}.${pid}${startedAt === undefined ? '' : `-${startedAt}`}`;
}

/** The name under which nobody owns a staging folder any more: whoever has the lock next ends what is in it. */
export function interruptedName(name: string): string {
  return name.replace(/[^.]+$/, INTERRUPTED);
}

/** `undefined` for a name that no run has given. */
export function parseStagingName(name: string): StagingFolder | undefined {
  const [, runId, pid, startedAt] = NAME.exec(name) ?? [];
  if (runId === undefined) return undefined;
  if (pid === undefined) return { runId };
  return { runId, owner: { pid: Number(pid), ...(startedAt !== undefined && { startedAt }) } };
}
