import { ConcurrencyLimitError, type GlueJobs, type StartGlueRunRequest } from '@pulselake/aws-clients/glue';
import { type BatchJob, hasEnded, JobFailure } from '@pulselake/job-control';
import { glueBatchRun, type GlueBatchRun } from './glue-batch-run.js';
import { logAdvice } from './log-advice.js';

/** Runs among which those that go on are looked for. */
const RECENT_RUNS = 20;

/** One run of a Glue job. */
export function glueBatchJob(jobs: GlueJobs, request: StartGlueRunRequest): BatchJob<GlueBatchRun> {
  const { job } = request;
  return {
    service: 'Glue',
    name: job,
    async start(signal) {
      try {
        return await jobs.startRun(request, { signal });
      } catch (error) {
        if (!(error instanceof ConcurrencyLimitError)) throw error;
        const going = (await jobs.listRuns(job, RECENT_RUNS, { signal }))
          .map(glueBatchRun)
          .filter((run) => !hasEnded(run));
        throw new JobFailure(
          `${error.message.replace(/[.!]?$/, '.')} ${going.length === 0 ? 'It may have ended just now: start again.' : `What goes on: ${going.map(({ id, state }) => `${id} (${state})`).join(', ')}. Start again when it has ended.`}`,
          { cause: error },
        );
      }
    },
    look: async (id, signal) => glueBatchRun(await jobs.getRun({ job, id }, { signal })),
    cancel: (id, signal) => jobs.stopRun({ job, id }, { signal }),
    logAdvice: ({ glue }) => logAdvice(glue),
  };
}
