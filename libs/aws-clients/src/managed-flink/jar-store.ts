import type { FlinkCallOptions, JarLocation } from './managed-flink.js';

/** A jar that lies in a bucket. */
export interface StoredJar extends JarLocation {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** SHA-256 in hex, where the bucket knows it. */
  readonly sha256?: string;
}

export interface PutJarRequest extends JarLocation {
  readonly body: Uint8Array;
  /** SHA-256 of the body in hex: the bucket refuses a body of another one. */
  readonly sha256: string;
}

/** Jars in a bucket. Each call rejects with a `ControlError`, and with the reason of its signal. */
export interface JarStore {
  /** Undefined when there is none under the key. */
  head(location: JarLocation, options?: FlinkCallOptions): Promise<StoredJar | undefined>;
  /** Stores it unless there is something under the key. @returns whether it was stored by this call */
  put(request: PutJarRequest, options?: FlinkCallOptions): Promise<boolean>;
  /** All objects whose keys begin with the prefix, newest first. */
  list(bucket: string, prefix: string, options?: FlinkCallOptions): Promise<StoredJar[]>;
}
