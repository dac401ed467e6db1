import type { JobRun } from '@aws-sdk/client-glue';
import { ControlUnreachableError } from '../control/errors.js';
import type { GlueRun } from './glue-jobs.js';

/** A run as the service describes it. Pure. @throws ControlUnreachableError when it does not */
export function glueRunOf(job: string, run: JobRun | undefined): GlueRun {
  if (run?.Id === undefined || run.JobRunState === undefined) {
    throw new ControlUnreachableError(`The answer about a run of "${job}" is not one of Glue.`);
  }
  const { StartedOn, CompletedOn, ExecutionTime, MaxCapacity, ErrorMessage, LogGroupName } = run;
  return {
    job,
    id: run.Id,
    state: run.JobRunState,
    arguments: run.Arguments ?? {},
    ...(StartedOn && { startedMs: StartedOn.getTime() }),
    ...(CompletedOn && { endedMs: CompletedOn.getTime() }),
    ...(ExecutionTime !== undefined && { executionSeconds: ExecutionTime }),
    ...(MaxCapacity !== undefined && { maxCapacityDpu: MaxCapacity }),
    ...(ErrorMessage !== undefined && ErrorMessage !== '' && { error: ErrorMessage }),
    ...(LogGroupName !== undefined && LogGroupName !== '' && { logGroup: LogGroupName }),
  };
}
