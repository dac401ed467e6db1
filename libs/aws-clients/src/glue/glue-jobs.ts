import type { CallOptions } from '../control/call-service.js';

/** States of a run. @see https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html */
export type GlueRunState =
  | 'ERROR'
  | 'EXPIRED'
  | 'FAILED'
  | 'RUNNING'
  | 'STARTING'
  | 'STOPPED'
  | 'STOPPING'
  | 'SUCCEEDED'
  | 'TIMEOUT'
  | 'WAITING';

/** A run of a Glue job, as the service tells of it. */
export interface GlueRun {
  readonly job: string;
  readonly id: string;
  readonly state: GlueRunState;
  /** Names begin with `--`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startedMs?: number;
  /** Milliseconds since the epoch; absent while it goes on. */
  readonly endedMs?: number;
  /** Time that it is paid for. */
  readonly executionSeconds?: number;
  readonly maxCapacityDpu?: number;
  /** Why it ended as it did, in the service's words. */
  readonly error?: string;
  /** What the names of its groups of logs in CloudWatch begin with. */
  readonly logGroup?: string;
}

/** A run that is to be started. */
export interface StartGlueRunRequest {
  readonly job: string;
  /** Which start this is: the same token gives the same run. 1 to 255 characters. */
  readonly clientToken: string;
  /** Names begin with `--`. Added to the job's own arguments, before which they go. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Of a Python shell job 0.0625 or 1. Default the job's own. */
  readonly maxCapacityDpu?: number | undefined;
  /** Time after which the service ends the run. Default the job's own. */
  readonly timeoutMinutes?: number | undefined;
}

/** Which run is meant. */
export interface GlueRunName {
  readonly job: string;
  readonly id: string;
}

/**
 * Runs of the jobs of AWS Glue. Each call rejects with a `ControlError`, and with the reason of its signal.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html
 */
export interface GlueJobs {
  /**
   * Starts a run, unless one was started with the same client token. It may be repeated when nobody knows whether it was
   * obeyed.
   *
   * @returns the id of the run
   * @throws ConcurrencyLimitError when the job runs already as often as it may at a time
   * @throws IdempotencyConflictError when the token came with other arguments before
   */
  startRun(request: StartGlueRunRequest, options?: CallOptions): Promise<string>;
  getRun(run: GlueRunName, options?: CallOptions): Promise<GlueRun>;
  /** Asks a run to end; `getRun` tells when it has. One that has ended is left alone. */
  stopRun(run: GlueRunName, options?: CallOptions): Promise<void>;
  /** The newest runs of a job, newest first. @param limit 1 to 1,000 */
  listRuns(job: string, limit: number, options?: CallOptions): Promise<GlueRun[]>;
}
