import type { JobRun, JobRunSummary, MonitoringConfiguration } from '@aws-sdk/client-emr-serverless';
import { ControlUnreachableError } from '../control/errors.js';
import type { SparkLogs, SparkRun } from './spark-jobs.js';

/** A run as the service describes it. Pure. @throws ControlUnreachableError when it does not */
export function sparkRunOf(application: string, run: JobRun | undefined): SparkRun {
  const { vCPUHour, memoryGBHour } = run?.billedResourceUtilization ?? run?.totalResourceUtilization ?? {};
  const logs = logsOf(run?.configurationOverrides?.monitoringConfiguration);
  return {
    ...known(application, run?.jobRunId, run),
    ...(run?.endedAt && { endedMs: run.endedAt.getTime() }),
    ...(vCPUHour !== undefined && { vcpuHours: vCPUHour }),
    ...(memoryGBHour !== undefined && { memoryGbHours: memoryGBHour }),
    ...(logs && { logs }),
  };
}

/** A run of a list. Pure. @throws ControlUnreachableError when it is none */
export function sparkRunOfSummary(application: string, run: JobRunSummary): SparkRun {
  return known(application, run.id, run);
}

type Told = Pick<JobRunSummary, 'name' | 'state' | 'stateDetails' | 'createdAt'>;

function known(application: string, id: string | undefined, run: Told | undefined): SparkRun {
  if (id === undefined || run?.state === undefined) {
    throw new ControlUnreachableError(`The answer about a run of "${application}" is not one of EMR Serverless.`);
  }
  return {
    application,
    id,
    ...(run.name !== undefined && { name: run.name }),
    state: run.state,
    details: run.stateDetails ?? '',
    createdMs: run.createdAt?.getTime() ?? 0,
  };
}

function logsOf(monitoring: MonitoringConfiguration | undefined): SparkLogs | undefined {
  const s3Uri = monitoring?.s3MonitoringConfiguration?.logUri;
  const { enabled, logGroupName, logStreamNamePrefix } = monitoring?.cloudWatchLoggingConfiguration ?? {};
  if (s3Uri === undefined && enabled !== true) return undefined;
  return {
    ...(s3Uri !== undefined && { s3Uri }),
    ...(enabled === true && { cloudWatchGroup: logGroupName ?? '/aws/emr-serverless' }),
    ...(enabled === true && logStreamNamePrefix !== undefined && { cloudWatchPrefix: logStreamNamePrefix }),
  };
}
