import type { SparkRun, SparkRunState } from '@pulselake/aws-clients/emr-serverless';
import type { BatchRun, RunPhase } from '@pulselake/job-control';

/** A run of EMR Serverless as the commands see it. */
export interface SparkBatchRun extends BatchRun {
  readonly spark: SparkRun;
}

const PHASES: Readonly<Record<SparkRunState, RunPhase>> = {
  CANCELLED: 'cancelled',
  CANCELLING: 'ending',
  FAILED: 'failed',
  PENDING: 'waiting',
  QUEUED: 'waiting',
  RUNNING: 'running',
  SCHEDULED: 'waiting',
  SUBMITTED: 'waiting',
  SUCCESS: 'succeeded',
};

/** Pure. */
export function sparkBatchRun(spark: SparkRun): SparkBatchRun {
  const { id, state, details, createdMs, endedMs } = spark;
  // A state that is newer than this program is one that goes on.
  const phase = (PHASES as Partial<Record<string, RunPhase>>)[state] ?? 'running';
  return { id, state, phase, reason: details, startedMs: createdMs, endedMs, spark };
}
