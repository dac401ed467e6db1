import type { CallOptions } from '../control/call-service.js';

/** Where an artifact lies. */
export interface ArtifactLocation {
  readonly bucket: string;
  readonly key: string;
}

/** An artifact that lies in a bucket. */
export interface StoredArtifact extends ArtifactLocation {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** SHA-256 in hex, where the bucket knows it. */
  readonly sha256?: string;
}

/** An artifact that is put into the store. */
export interface PutArtifactRequest extends ArtifactLocation {
  readonly body: Uint8Array;
  /** SHA-256 of the body in hex: the bucket refuses a body of another one. */
  readonly sha256: string;
}

/**
 * What is deployed, in a bucket: jars, wheels, scripts, under keys that are never given another content. Each call rejects
 * with a `ControlError`, and with the reason of its signal.
 */
export interface ArtifactStore {
  /** Undefined when there is none under the key. */
  head(location: ArtifactLocation, options?: CallOptions): Promise<StoredArtifact | undefined>;
  /** Stores it unless there is something under the key. @returns whether it was stored by this call */
  put(request: PutArtifactRequest, options?: CallOptions): Promise<boolean>;
  /** All objects whose keys begin with the prefix, newest first. */
  list(bucket: string, prefix: string, options?: CallOptions): Promise<StoredArtifact[]>;
}
