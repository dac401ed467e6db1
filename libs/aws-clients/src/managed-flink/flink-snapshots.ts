import type { CallOptions } from '../control/call-service.js';

/** A snapshot of an application's state. */
export interface FlinkSnapshot {
  readonly name: string;
  readonly state: 'CREATING' | 'DELETING' | 'FAILED' | 'READY';
  /** Of the application when it was made. */
  readonly version: number;
  /** Milliseconds since the epoch; absent where the service does not tell. */
  readonly createdMs?: number;
}

/** Which snapshot of which application is meant. */
export interface SnapshotRequest {
  readonly application: string;
  /** 1 to 256 letters, digits, `_`, `.` or `-`, not used by another snapshot of the application. */
  readonly snapshot: string;
}

/** Snapshots of the state of applications. Each call rejects with a `ControlError`, and with the reason of its signal. */
export interface FlinkSnapshots {
  /** All snapshots of an application, newest first. */
  list(application: string, options?: CallOptions): Promise<FlinkSnapshot[]>;
  /** One of them; undefined when there is none of that name. */
  find(request: SnapshotRequest, options?: CallOptions): Promise<FlinkSnapshot | undefined>;
  /** Begins one. Not repeated when nobody knows whether it was obeyed. */
  create(request: SnapshotRequest, options?: CallOptions): Promise<void>;
}
