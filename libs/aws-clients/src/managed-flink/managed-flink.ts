import type { ArtifactLocation } from '../artifacts/artifact-store.js';
import type { CallOptions } from '../control/call-service.js';

/** States of an application. @see https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_ApplicationDetail.html */
export type ApplicationState =
  | 'AUTOSCALING'
  | 'DELETING'
  | 'FORCE_STOPPING'
  | 'MAINTENANCE'
  | 'READY'
  | 'ROLLED_BACK'
  | 'ROLLING_BACK'
  | 'RUNNING'
  | 'STARTING'
  | 'STOPPING'
  | 'UPDATING';

/** An application of Managed Service for Apache Flink, as the service tells of it. */
export interface FlinkApplication {
  readonly name: string;
  readonly arn: string;
  readonly state: ApplicationState;
  /** Grows by one with each change of the application's configuration. */
  readonly version: number;
  /** Flink's release, for example `FLINK-1_20`. */
  readonly runtime: string;
  /** Absent when the code does not come from S3. */
  readonly jar?: ArtifactLocation;
  readonly jarSizeBytes?: number;
  /** Whether the service makes snapshots, of itself when it stops or updates the job, and when it is asked to. */
  readonly snapshotsEnabled: boolean;
  /** Whether the service goes back to the version before by itself when an update fails. */
  readonly rollbackEnabled: boolean;
  /** ARNs of the log streams that the job writes to. */
  readonly logStreams: readonly string[];
}

/** Something that was done to an application. */
export interface FlinkOperation {
  readonly id: string;
  /** For example `StartApplication`. */
  readonly kind: string;
  readonly status: 'IN_PROGRESS' | 'SUCCESSFUL' | 'FAILED' | 'CANCELLED';
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Milliseconds since the epoch; absent while it goes on. */
  readonly endedMs?: number;
  /** Why it failed. Told by `operation` only. */
  readonly error?: string;
}

/** What the job goes on from: the newest snapshot, nothing, or a snapshot by its name. */
export type Restore = { readonly from: 'latest' | 'none' } | { readonly from: 'snapshot'; readonly snapshot: string };

/** Which application is started, and from which state. */
export interface StartRequest {
  readonly application: string;
  readonly restore: Restore;
}

/** The jar that an application is to run from now on. */
export interface UpdateCodeRequest {
  readonly application: string;
  /** The version that is changed: another one is refused. */
  readonly version: number;
  readonly jar: ArtifactLocation;
  /** `aws`, `aws-cn` or `aws-us-gov`. Default `aws`. */
  readonly partition?: string;
  /** What a job that runs goes on from; one that does not run takes nothing up yet. */
  readonly restore?: Restore;
}

/** Which application is stopped, and how. */
export interface StopRequest {
  readonly application: string;
  /** Stop in any state, without the snapshot that the service makes otherwise: what came after the last one is read again. */
  readonly force: boolean;
}

/**
 * An application of Managed Service for Apache Flink. The calls that change something return as soon as the service has
 * begun; `describe` tells when it has ended. They are not repeated when nobody knows whether they were obeyed.
 *
 * Each rejects with a `ControlError`, and with the reason of its signal.
 */
export interface ManagedFlink {
  describe(application: string, options?: CallOptions): Promise<FlinkApplication>;
  /** What was done to the application, newest first. */
  operations(application: string, options?: CallOptions): Promise<FlinkOperation[]>;
  /** One of them, with the reason of its failure. */
  operation(application: string, id: string, options?: CallOptions): Promise<FlinkOperation>;
  /** @returns the id of the operation, when the service tells it */
  updateCode(request: UpdateCodeRequest, options?: CallOptions): Promise<string | undefined>;
  /** @returns the id of the operation, when the service tells it */
  start(request: StartRequest, options?: CallOptions): Promise<string | undefined>;
  /** @returns the id of the operation, when the service tells it */
  stop(request: StopRequest, options?: CallOptions): Promise<string | undefined>;
}
