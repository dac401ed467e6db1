import {
  type AwsFlags,
  type JobIo,
  Output,
  runDocument,
  runLine,
  wholeNumber,
  withAwsFlags,
  withService,
} from '@pulselake/job-control';
import type { Command } from 'commander';
import { applicationId } from './emr-flags.js';
import { logAdvice } from './log-advice.js';
import { sparkBatchRun } from './spark-batch-run.js';
import type { TrafficAccess } from './traffic-access.js';

interface StatusFlags extends AwsFlags {
  readonly application: string;
  readonly run?: string;
  readonly last: number;
}

/** Adds `status`, which changes nothing. */
export function addStatusCommand(program: Command, io: JobIo, access: TrafficAccess): void {
  withAwsFlags(program.command('status').description("say how the application's runs stand"), 120)
    .requiredOption('--application <id>', 'the application in EMR Serverless', applicationId)
    .option('--run <id>', 'one run, with where its logs are')
    .option('--last <n>', 'how many runs, newest first', wholeNumber(1, 1000), 5)
    .action(async (flags: StatusFlags) => {
      const { application, run: id, last } = flags;
      const output = new Output(io, flags);
      const { signal } = io;
      const runs = await withService(access.spark, { flags, io, report: output.report }, async (jobs) =>
        id === undefined
          ? jobs.listRuns(application, last, { signal })
          : [await jobs.getRun({ application, id }, { signal })],
      );
      const advice = id === undefined ? [] : runs.flatMap(logAdvice);
      const shown = runs.map((run) => ({ name: run.name, batch: sparkBatchRun(run) }));
      output.print(
        {
          application,
          runs: shown.map(({ name, batch }) => ({ ...(name !== undefined && { name }), ...runDocument(batch) })),
          ...(id !== undefined && { logs: advice }),
        },
        [
          ...(shown.length === 0 ? [`${application} has run nothing yet`] : []),
          ...shown.map(({ name, batch }) => `${runLine(batch)}${name === undefined ? '' : `  ${name}`}`),
          ...advice,
        ],
      );
    });
}
