import { MissingError } from '@pulselake/aws-clients/artifacts';
import { JobFailure, StoppedError, WaitEndedError } from '../errors.js';
import type { JobIo } from '../job-io.js';
import { type BatchJob, type BatchRun, hasEnded } from './batch-run.js';
import { PollPause } from './poll-pause.js';

export interface FollowOptions {
  readonly io: JobIo;
  /** Time from the start to the run's end. */
  readonly timeoutMs: number;
  /** Names this start; the same one gives the same run. */
  readonly clientToken: string;
  /** Takes each state, and what is done. */
  readonly report: (line: string) => void;
}

/** How long a start may still be answered after it was given up: a run that was begun must be known to be cancelled. */
const LAST_ANSWER_MS = 10_000;

/** How long a run that was just started may not be found yet. */
const UNKNOWN_MS = 60_000;

/** How long a cancelled run is waited for. */
const CANCEL_MS = 300_000;

/**
 * Starts a run. A Ctrl-C meanwhile waits for the answer, and cancels what was begun.
 *
 * @returns the id of the run
 * @throws StoppedError after a Ctrl-C
 */
export async function startRun(job: BatchJob, options: FollowOptions): Promise<string> {
  const { io, clientToken, report } = options;
  io.signal.throwIfAborted();
  const starting = new AbortController();
  const onLeave = () => starting.abort();
  const onStop = () => {
    report('waiting for the answer to the start, to cancel the run');
    io.sleep(LAST_ANSWER_MS, io.leave).then(onLeave, onLeave);
  };
  io.signal.addEventListener('abort', onStop, { once: true });
  io.leave.addEventListener('abort', onLeave, { once: true });
  let id: string;
  try {
    id = await job.start(starting.signal);
  } catch (error) {
    if (!io.signal.aborted) throw error;
    throw new StoppedError(
      `Stopped while ${job.name} was being started: whether it was is not known. The same command with --client-token ${clientToken} finds the run, or starts it.`,
      { cause: error },
    );
  } finally {
    io.signal.removeEventListener('abort', onStop);
    io.leave.removeEventListener('abort', onLeave);
  }
  report(`${job.name}: run ${id}, client token ${clientToken}`);
  if (io.signal.aborted) await cancelRun(id, job, options);
  return id;
}

/**
 * Follows a run to its end, and tells its states. A Ctrl-C cancels it.
 *
 * @returns the run, ended in whatever way
 * @throws WaitEndedError when it does not end in time; it goes on
 * @throws StoppedError after a Ctrl-C
 * @throws JobFailure when it can no longer be watched; it goes on
 */
export async function followRun<Run extends BatchRun>(
  id: string,
  job: BatchJob<Run>,
  options: FollowOptions,
): Promise<Run> {
  const { io, timeoutMs, clientToken, report } = options;
  const startedMs = io.clock();
  const pause = new PollPause();
  const goesOn = `The run goes on; the same command with --client-token ${clientToken} waits on.`;
  let last: Run | undefined;
  try {
    for (;;) {
      const run = await lookAt(id, job, { io, isNew: last === undefined && io.clock() - startedMs < UNKNOWN_MS });
      if (run && run.state !== last?.state) {
        report(stateLine(job, run));
        pause.reset();
      }
      if (run && hasEnded(run)) return run;
      last = run ?? last;
      const leftMs = timeoutMs - (io.clock() - startedMs);
      if (leftMs <= 0) {
        throw new WaitEndedError(
          `After ${Math.round(timeoutMs / 1000)} s, the run ${id} of ${job.name} is ${last?.state ?? 'not known'}. ${goesOn}`,
        );
      }
      await io.sleep(Math.min(pause.take(), leftMs), io.signal);
    }
  } catch (error) {
    if (io.signal.aborted) return cancelRun(id, job, options);
    if (error instanceof WaitEndedError) throw error;
    throw new JobFailure(`The run ${id} of ${job.name} cannot be watched: ${(error as Error).message} ${goesOn}`, {
      cause: error,
    });
  }
}

/** Undefined when a new run is not known to all of the service yet. */
async function lookAt<Run extends BatchRun>(
  id: string,
  job: BatchJob<Run>,
  { io, isNew }: { io: JobIo; isNew: boolean },
): Promise<Run | undefined> {
  try {
    return await job.look(id, io.signal);
  } catch (error) {
    if (isNew && error instanceof MissingError) return undefined;
    throw error;
  }
}

/** @returns the run, when it has succeeded before it could be cancelled @throws StoppedError in all other cases */
async function cancelRun<Run extends BatchRun>(id: string, job: BatchJob<Run>, options: FollowOptions): Promise<Run> {
  const { io, report } = options;
  report(`stopping: asking ${job.service} to cancel the run ${id}; once more Ctrl-C leaves at once`);
  try {
    await job.cancel(id, io.leave);
    report(`the run ${id} was asked to end`);
    const endMs = io.clock() + CANCEL_MS;
    for (const pause = new PollPause(); ;) {
      const run = await job.look(id, io.leave);
      if (run.phase === 'succeeded') {
        report(`the run ${id} had succeeded before it could be cancelled`);
        return run;
      }
      if (hasEnded(run)) throw new StoppedError(`Stopped: the run ${id} of ${job.name} is ${run.state}.`);
      if (io.clock() >= endMs) {
        throw new StoppedError(`Stopped waiting: the run ${id} of ${job.name} was asked to end, and is ${run.state}.`);
      }
      await io.sleep(pause.take(), io.leave);
    }
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    throw new StoppedError(
      io.leave.aborted
        ? `Left: the run ${id} of ${job.name} may go on.`
        : `The run ${id} of ${job.name} may go on: it could not be cancelled. ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function stateLine(job: BatchJob, { id, state, reason }: BatchRun): string {
  return `${job.name}: run ${id} is ${state}${reason === undefined || reason === '' ? '' : ` (${reason})`}`;
}
