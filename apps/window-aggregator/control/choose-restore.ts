import type { FlinkApplication, FlinkSnapshots, Restore } from '@pulselake/aws-clients/managed-flink';
import { JobFailure } from '@pulselake/job-control';

export interface ChosenRestore {
  readonly restore: Restore;
  /** What people should know about it. */
  readonly note?: string;
}

/**
 * What the job goes on from, held against the snapshots that there are.
 *
 * @throws JobFailure when it cannot be had
 */
export async function chooseRestore(
  wanted: Restore,
  { name, state, snapshotsEnabled }: FlinkApplication,
  { snapshots, signal }: { snapshots: FlinkSnapshots; signal: AbortSignal },
): Promise<ChosenRestore> {
  if (wanted.from === 'none') return { restore: wanted };
  if (wanted.from === 'snapshot') {
    const found = await snapshots.find({ application: name, snapshot: wanted.snapshot }, { signal });
    if (found?.state === 'READY') return { restore: wanted };
    const usable = (await snapshots.list(name, { signal }))
      .filter((snapshot) => snapshot.state === 'READY')
      .slice(0, 5);
    throw new JobFailure(
      `The snapshot "${wanted.snapshot}" of ${name} ${found ? `is ${found.state}` : 'does not exist'}. ${
        usable.length > 0
          ? `Usable, newest first: ${usable.map((snapshot) => snapshot.name).join(', ')}.`
          : 'There is none that is usable.'
      }`,
    );
  }
  if (state !== 'READY') {
    if (snapshotsEnabled) return { restore: wanted };
    throw new JobFailure(
      `Snapshots of ${name} are off: to change the code of the running job would lose its state. Switch them on, or give --restore none.`,
    );
  }
  const known = await snapshots.list(name, { signal });
  if (known.some((snapshot) => snapshot.state === 'READY')) return { restore: wanted };
  return {
    restore: { from: 'none' },
    note: `${name} has no snapshot: the job starts without state, where its setting startAt says.`,
  };
}
