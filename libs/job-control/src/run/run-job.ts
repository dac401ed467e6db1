import { JobFailure } from '../errors.js';
import type { JobIo } from '../job-io.js';
import type { Output } from '../output.js';
import type { BatchJob, BatchRun } from './batch-run.js';
import { followRun, startRun } from './follow-run.js';
import { runDocument } from './run-lines.js';

export interface RunJobOptions<Run> {
  readonly io: JobIo;
  readonly output: Output;
  readonly timeoutMs: number;
  readonly clientToken: string;
  /** Whether to follow the run to its end. */
  readonly wait: boolean;
  /** What a document tells of the run besides. */
  readonly describe: (run: Run) => object;
}

/**
 * What `run` does: starts, follows when that is asked, prints.
 *
 * @throws JobFailure when the run does not succeed, with the service's reason and where the logs are
 */
export async function runJob<Run extends BatchRun>(job: BatchJob<Run>, options: RunJobOptions<Run>): Promise<void> {
  const { io, output, timeoutMs, clientToken, wait, describe } = options;
  const follow = { io, timeoutMs, clientToken, report: output.report };
  const runId = await startRun(job, follow);
  if (!wait) {
    output.print({ name: job.name, runId, clientToken }, [
      `${job.name}: run ${runId} is started`,
      `To wait for it, give the same command with --client-token ${clientToken} --wait`,
    ]);
    return;
  }
  const run = await followRun(runId, job, follow);
  const { phase, state, reason = '' } = run;
  const advice = job.logAdvice(run);
  const document = { name: job.name, clientToken, ...runDocument(run), ...describe(run) };
  if (phase === 'succeeded') {
    output.print(document, [`${job.name}: run ${runId} succeeded${took(run)}`, ...advice]);
    return;
  }
  if (output.isJson) output.print({ ...document, logs: advice }, []);
  throw new JobFailure(
    [
      `${job.name}: run ${runId} is ${state}${took(run)}. ${reason === '' ? `${job.service} names no reason.` : `${job.service} says: ${reason}`}`,
      ...advice,
    ].join('\n'),
  );
}

function took({ startedMs, endedMs }: BatchRun): string {
  return startedMs === undefined || endedMs === undefined ? '' : ` after ${Math.round((endedMs - startedMs) / 1000)} s`;
}
