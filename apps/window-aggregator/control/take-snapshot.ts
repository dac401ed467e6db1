import type { FlinkSnapshots } from '@pulselake/aws-clients/managed-flink';
import { JobFailure } from '@pulselake/job-control';
import { ChangeAttempts } from './change-attempts.js';
import type { Waiting } from './waiting.js';

export interface TakeSnapshotOptions {
  readonly snapshots: FlinkSnapshots;
  readonly waiting: Waiting;
  readonly application: string;
  readonly report: (line: string) => void;
}

/**
 * Makes a snapshot, named by the time, and waits until it can be used. One that is being made already is taken instead.
 *
 * @returns its name
 * @throws JobFailure when it fails
 * @throws WaitEndedError when it is not made in time
 */
export async function takeSnapshot({ snapshots, waiting, application, report }: TakeSnapshotOptions): Promise<string> {
  const { signal } = waiting;
  const attempts = new ChangeAttempts(waiting.clock);
  const own = snapshotName(waiting.clock());
  let name: string | undefined;
  while (name === undefined) {
    const underWay = (await snapshots.list(application, { signal })).find(({ state }) => state === 'CREATING');
    if (underWay) {
      report(`${application}: the snapshot ${underWay.name} is being made already`);
      name = underWay.name;
    } else if (await snapshots.find({ application, snapshot: own }, { signal })) {
      // The call whose answer was lost has been obeyed.
      name = own;
    } else {
      report(`${application}: make the snapshot ${own}`);
      if (await attempts.send(() => snapshots.create({ application, snapshot: own }, { signal }))) name = own;
      else await waiting.pause();
    }
  }
  for (;;) {
    const state = (await snapshots.find({ application, snapshot: name }, { signal }))?.state;
    waiting.situation = `the snapshot ${name} of ${application} is ${state ?? 'not seen yet'}`;
    if (state === 'READY') {
      report(`${application}: the snapshot ${name} is READY`);
      return name;
    }
    if (state === 'FAILED' || state === 'DELETING' || (state === undefined && !attempts.isSettling)) {
      throw new JobFailure(
        `The snapshot ${name} of ${application} is ${state ?? 'gone'}; the job runs on. A job that is behind, or fails and restarts, makes none: look at its checkpoints, then try again, or stop it with --force.`,
      );
    }
    await waiting.pause();
  }
}

/** `pulselake-20260102T030405Z`. */
function snapshotName(nowMs: number): string {
  return `pulselake-${new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`;
}
