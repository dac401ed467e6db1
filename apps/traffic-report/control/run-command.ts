import { startSparkRunRequest, type StartSparkRunRequest } from '@pulselake/aws-clients/emr-serverless';
import {
  artifactOf,
  bucketName,
  day,
  type JobIo,
  keyOf,
  keyText,
  Output,
  runJob,
  type RunFlags,
  runTimeoutSeconds,
  s3Uri,
  wholeNumber,
  withRunFlags,
  withService,
} from '@pulselake/job-control';
import type { Command } from 'commander';
import { applicationId, roleArn } from './emr-flags.js';
import { packTraffic } from './pack-traffic.js';
import { reportArguments, type ReportFlags } from './report-arguments.js';
import { requireUploaded } from './require-uploaded.js';
import { sparkBatchJob } from './spark-batch-job.js';
import { sparkConf, totalOf } from './spark-conf.js';
import type { TrafficAccess } from './traffic-access.js';
import { workerSize } from './worker-size.js';

interface TrafficRunFlags extends RunFlags, ReportFlags {
  readonly application: string;
  readonly executionRole: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly driverCores: number;
  readonly driverMemory: number;
  readonly executorCores: number;
  readonly executorMemory: number;
  readonly executors: number;
  readonly logs?: string;
  readonly logGroup?: string;
}

/** Adds `run`, which starts the Spark job. */
export function addRunCommand(program: Command, io: JobIo, access: TrafficAccess): void {
  const cores = wholeNumber(1, 16);
  const gigabytes = wholeNumber(1, 120);
  withRunFlags(program.command('run').description('start the job, and follow it when asked'), 120)
    .requiredOption('--application <id>', 'the application in EMR Serverless', applicationId)
    .requiredOption('--execution-role <arn>', 'the role that the job acts as', roleArn)
    .requiredOption('--bucket <name>', 'the bucket that the package was uploaded to', bucketName)
    .option('--prefix <text>', 'what the keys of the package begin with', keyText, '')
    .requiredOption('--lake <uri>', 'where the lake lies, s3://bucket/prefix', s3Uri)
    .option('--landing <uri>', 'where access-logs/ lies (default: landing/ in the lake)', s3Uri)
    .option('--date <day>', 'the day to report (default: as the job says)', day)
    .option('--from <day>', 'the first day of several', day)
    .option('--to <day>', 'the last day of several', day)
    .option('--arrival-days <n>', 'days in which the logs of a day arrive', wholeNumber(1, 400))
    .option('--inputs <glob...>', 'these logs instead of those that arrived in time')
    .option('--include-users', "count people's calls too, from the source users")
    .option('--allow-missing-inputs', "replace a report though inputs of its day's last run are gone")
    .option('--driver-cores <n>', 'cores of the driver', cores, 1)
    .option('--driver-memory <gb>', "the driver's heap", gigabytes, 1)
    .option('--executor-cores <n>', 'cores of an executor', cores, 1)
    .option('--executor-memory <gb>', "an executor's heap", gigabytes, 1)
    .option('--executors <n>', 'how many executors', wholeNumber(1, 1000), 1)
    .option('--logs <uri>', 'where the job writes its logs, s3://bucket/prefix', s3Uri)
    .option('--log-group <name>', 'a group of CloudWatch that the job writes its logs to')
    .argument('[arguments...]', 'further arguments of the job, after --')
    .action(async (words: string[], flags: TrafficRunFlags) => {
      const { bucket, wait = false } = flags;
      const timeoutSeconds = runTimeoutSeconds(flags);
      const output = new Output(io, flags);
      const clientToken = flags.clientToken ?? io.newToken();
      const made = await packTraffic(io.home);
      const uploaded = made.artifacts.map(({ file }) => ({ bucket, key: keyOf(flags.prefix, file) }));
      const uriOf = (role: string) => `s3://${bucket}/${keyOf(flags.prefix, artifactOf(made, role).file)}`;
      const sizes = {
        driver: workerSize('driver', flags.driverCores, flags.driverMemory),
        executor: workerSize('executor', flags.executorCores, flags.executorMemory),
        executors: flags.executors,
      };
      const request: StartSparkRunRequest = {
        application: flags.application,
        clientToken,
        executionRoleArn: flags.executionRole,
        name: nameOf(flags),
        entryPoint: uriOf('entry-point'),
        entryPointArguments: reportArguments(flags, words),
        pyFiles: [uriOf('py-files')],
        conf: sparkConf(sizes),
        timeoutMinutes: flags.jobTimeoutMinutes,
        ...((flags.logs !== undefined || flags.logGroup !== undefined) && {
          logs: { s3Uri: flags.logs, cloudWatchGroup: flags.logGroup },
        }),
      };
      const { vcpu, memoryGb } = totalOf(sizes);
      if (flags.dryRun === true) {
        const input = startSparkRunRequest(request);
        output.print({ dryRun: true, operation: 'StartJobRun', input, vcpu, memoryGb }, [
          `would call StartJobRun ${JSON.stringify(input)}`,
          `workers together: ${vcpu} vCPU, ${memoryGb} GB`,
        ]);
        return;
      }
      const session = { flags: { ...flags, timeoutSeconds }, io, report: output.report };
      await withService(access.artifacts, session, (store) => requireUploaded(uploaded, { store, signal: io.signal }));
      await withService(access.spark, session, (jobs) =>
        runJob(sparkBatchJob(jobs, request), {
          io,
          output,
          clientToken,
          wait,
          timeoutMs: timeoutSeconds * 1000,
          describe: ({ spark: { vcpuHours, memoryGbHours } }) => ({
            ...(vcpuHours !== undefined && { vcpuHours }),
            ...(memoryGbHours !== undefined && { memoryGbHours }),
          }),
        }),
      );
    });
}

/** What lists of runs show. */
function nameOf({ date, from, to }: ReportFlags): string {
  if (date !== undefined) return `traffic-report ${date}`;
  return from === undefined || to === undefined ? 'traffic-report' : `traffic-report ${from} to ${to}`;
}
