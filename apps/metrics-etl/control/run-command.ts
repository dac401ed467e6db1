import { type GlueJobs, startGlueRunRequest } from '@pulselake/aws-clients/glue';
import {
  type JobIo,
  Output,
  runJob,
  type RunFlags,
  runTimeoutSeconds,
  s3Uri,
  type ServiceAccess,
  withRunFlags,
  withService,
} from '@pulselake/job-control';
import { type Command, InvalidArgumentError } from 'commander';
import { glueBatchJob } from './glue-batch-job.js';
import { jobArguments } from './job-arguments.js';
import { jobName } from './job-name.js';

interface EtlRunFlags extends RunFlags {
  readonly job: string;
  readonly lake?: string;
  readonly landing?: string;
  readonly force?: boolean;
  readonly replace?: boolean;
  readonly objects?: readonly string[];
  readonly maxCapacity: number;
}

/** Adds `run`, which starts the Glue job. */
export function addRunCommand(program: Command, io: JobIo, access: ServiceAccess<GlueJobs>): void {
  withRunFlags(program.command('run').description('start the job, and follow it when asked'), 60)
    .requiredOption('--job <name>', 'the job in Glue', jobName)
    .option('--lake <uri>', "where the lake lies, s3://bucket/prefix (default: the job's own)", s3Uri)
    .option('--landing <uri>', 'where metrics/ lies (default: landing/ in the lake)', s3Uri)
    .option('--objects <key...>', 'objects to read (default: all that are new in landing/metrics/)')
    .option('--force', 'read again what was read')
    .option('--replace', 'other content at a known address supersedes the old one')
    .option('--max-capacity <dpu>', 'data processing units: 0.0625 or 1', dpu, 0.0625)
    .argument('[arguments...]', 'further arguments of the job, after --, in pairs')
    .action(async (words: string[], flags: EtlRunFlags) => {
      const { job, lake, landing, objects, force, replace, maxCapacity, jobTimeoutMinutes, wait = false } = flags;
      const timeoutSeconds = runTimeoutSeconds(flags);
      const output = new Output(io, flags);
      const clientToken = flags.clientToken ?? io.newToken();
      const request = {
        job,
        clientToken,
        arguments: {
          ...(lake !== undefined && { '--lake': lake }),
          ...(landing !== undefined && { '--landing': landing }),
          ...(objects && { '--objects': JSON.stringify(objects) }),
          ...(force === true && { '--force': 'true' }),
          ...(replace === true && { '--replace': 'true' }),
          ...jobArguments(words),
        },
        maxCapacityDpu: maxCapacity,
        timeoutMinutes: jobTimeoutMinutes,
      };
      if (flags.dryRun === true) {
        const input = startGlueRunRequest(request);
        output.print({ dryRun: true, operation: 'StartJobRun', input }, [
          `would call StartJobRun ${JSON.stringify(input)}`,
        ]);
        return;
      }
      await withService(access, { flags: { ...flags, timeoutSeconds }, io, report: output.report }, (jobs) =>
        runJob(glueBatchJob(jobs, request), {
          io,
          output,
          clientToken,
          wait,
          timeoutMs: timeoutSeconds * 1000,
          describe: ({ glue: { executionSeconds, maxCapacityDpu } }) => ({
            ...(executionSeconds !== undefined && { executionSeconds }),
            ...(maxCapacityDpu !== undefined && { maxCapacityDpu }),
          }),
        }),
      );
    });
}

/** What a Python shell job may have. @see https://docs.aws.amazon.com/glue/latest/dg/add-job-python.html */
function dpu(text: string): number {
  if (text === '0.0625' || text === '1') return Number(text);
  throw new InvalidArgumentError('A Python shell job has 0.0625 or 1.');
}
