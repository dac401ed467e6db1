import type { CallOptions } from '../control/call-service.js';

/** An object as a listing shows it. */
export interface ListedObject {
  /** Below the store's prefix. */
  readonly key: string;
  readonly sizeBytes: number;
  /** Changes with the content. */
  readonly etag: string;
}

/** A file that goes into the store. */
export interface StoredFile {
  /** Below the store's prefix. */
  readonly key: string;
  /** Where the bytes lie on this machine, or the bytes. */
  readonly from: string | Uint8Array;
  readonly sizeBytes: number;
  /** SHA-256 in hex: what has another one is not stored. */
  readonly sha256: string;
}

/** What was brought from the store. */
export interface FetchedFile {
  readonly sizeBytes: number;
  /** SHA-256 of what was written, in hex. */
  readonly sha256: string;
}

/**
 * Files of a lake below a prefix of a bucket. Each call rejects with a `ControlError`, and with the reason of its signal.
 */
export interface ObjectStore {
  /** For people: `s3://bucket/prefix`. */
  readonly uri: string;
  /** All objects whose keys begin with the prefix, by key. */
  list(prefix: string, options?: CallOptions): Promise<ListedObject[]>;
  /** SHA-256 of an object in hex, where the store knows it; undefined too when there is no such object. */
  digest(key: string, options?: CallOptions): Promise<string | undefined>;
  /** Writes an object to a file on this machine, anew when it breaks off in the middle. @throws MissingError when it is gone */
  fetch(key: string, path: string, options?: CallOptions): Promise<FetchedFile>;
  /**
   * Stores a file, over what is there.
   *
   * @throws ControlRequestError when the bytes have another digest; ENOENT when there is no such file on this machine
   */
  store(file: StoredFile, options?: CallOptions): Promise<void>;
  /** Removes an object; none is no error. */
  remove(key: string, options?: CallOptions): Promise<void>;
}
