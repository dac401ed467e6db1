import type { CallOptions } from '../control/call-service.js';

/** States of a run. @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/job-states.html */
export type SparkRunState =
  'CANCELLED' | 'CANCELLING' | 'FAILED' | 'PENDING' | 'QUEUED' | 'RUNNING' | 'SCHEDULED' | 'SUBMITTED' | 'SUCCESS';

/** Where a run writes its logs, besides what the service keeps for the Spark UI. */
export interface SparkLogs {
  /** `s3://bucket/prefix`. */
  readonly s3Uri?: string | undefined;
  /** A group of CloudWatch. */
  readonly cloudWatchGroup?: string | undefined;
  readonly cloudWatchPrefix?: string | undefined;
}

/** A run of a Spark job, as the service tells of it. */
export interface SparkRun {
  /** The id of the application. */
  readonly application: string;
  readonly id: string;
  readonly name?: string;
  readonly state: SparkRunState;
  /** Why it is in that state, in the service's words; may be empty. */
  readonly details: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Milliseconds since the epoch; absent while it goes on. */
  readonly endedMs?: number;
  /** What the run is paid for; known some time after it has ended. */
  readonly vcpuHours?: number;
  readonly memoryGbHours?: number;
  /** Told by `getRun` only. */
  readonly logs?: SparkLogs;
}

/** A run that is to be started. */
export interface StartSparkRunRequest {
  /** The id of the application. */
  readonly application: string;
  /** Which start this is: the same token gives the same run. 1 to 64 letters, digits, `.`, `_` or `-`. */
  readonly clientToken: string;
  /** The role that the job acts as. */
  readonly executionRoleArn: string;
  readonly name?: string | undefined;
  /** The main script, `s3://…`. */
  readonly entryPoint: string;
  readonly entryPointArguments: readonly string[];
  /** Modules beside it, `s3://…`. */
  readonly pyFiles?: readonly string[];
  /** Spark's settings, by name. */
  readonly conf?: Readonly<Record<string, string>>;
  /** Time after which the service ends the run. Default the service's, twelve hours. */
  readonly timeoutMinutes?: number | undefined;
  readonly logs?: SparkLogs | undefined;
}

/** Which run is meant. */
export interface SparkRunName {
  /** The id of the application. */
  readonly application: string;
  readonly id: string;
}

/**
 * Runs of an application of EMR Serverless. Each call rejects with a `ControlError`, and with the reason of its signal.
 *
 * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/Welcome.html
 */
export interface SparkJobs {
  /**
   * Starts a run, unless one was started with the same client token.
   *
   * @returns the id of the run
   * @throws IdempotencyConflictError when the token came with another request before
   */
  startRun(request: StartSparkRunRequest, options?: CallOptions): Promise<string>;
  getRun(run: SparkRunName, options?: CallOptions): Promise<SparkRun>;
  /** Asks a run to end; `getRun` tells when it has. One that has ended is left alone. */
  cancelRun(run: SparkRunName, options?: CallOptions): Promise<void>;
  /** The newest runs of an application, newest first. @param limit 1 to 1,000 */
  listRuns(application: string, limit: number, options?: CallOptions): Promise<SparkRun[]>;
}
