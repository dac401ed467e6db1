import type { GlueJobs } from '@pulselake/aws-clients/glue';
import {
  type AwsFlags,
  type JobIo,
  Output,
  runDocument,
  runLine,
  type ServiceAccess,
  wholeNumber,
  withAwsFlags,
  withService,
} from '@pulselake/job-control';
import type { Command } from 'commander';
import { glueBatchRun } from './glue-batch-run.js';
import { jobName } from './job-name.js';
import { logAdvice } from './log-advice.js';

interface StatusFlags extends AwsFlags {
  readonly job: string;
  readonly run?: string;
  readonly last: number;
}

/** Adds `status`, which changes nothing. */
export function addStatusCommand(program: Command, io: JobIo, access: ServiceAccess<GlueJobs>): void {
  withAwsFlags(program.command('status').description("say how the job's runs stand"), 120)
    .requiredOption('--job <name>', 'the job in Glue', jobName)
    .option('--run <id>', 'one run, with where its logs are')
    .option('--last <n>', 'how many runs, newest first', wholeNumber(1, 1000), 5)
    .action(async (flags: StatusFlags) => {
      const { job, run: id, last } = flags;
      const output = new Output(io, flags);
      const { signal } = io;
      const runs = await withService(access, { flags, io, report: output.report }, async (jobs) =>
        id === undefined ? jobs.listRuns(job, last, { signal }) : [await jobs.getRun({ job, id }, { signal })],
      );
      const shown = runs.map(glueBatchRun);
      const advice = id === undefined ? [] : runs.flatMap(logAdvice);
      output.print({ job, runs: shown.map(runDocument), ...(id !== undefined && { logs: advice }) }, [
        ...(shown.length === 0 ? [`${job} has not run yet`] : shown.map(runLine)),
        ...advice,
      ]);
    });
}
