import { type ArtifactLocation, type ArtifactStore, uploadArtifact } from '@pulselake/aws-clients/artifacts';
import type { JarFile } from './jar-file.js';
import { jarKey } from './jar-key.js';

export interface UploadOutcome extends ArtifactLocation {
  /** Not when it was there. */
  readonly uploaded: boolean;
}

/**
 * Brings a jar into a bucket under its digest, unless it is there.
 *
 * @throws ConflictError when something else lies under its key
 */
export async function uploadJar(
  { body, sha256 }: JarFile,
  { jars, bucket, prefix, signal }: { jars: ArtifactStore; bucket: string; prefix: string; signal: AbortSignal },
): Promise<UploadOutcome> {
  const location = { bucket, key: jarKey(prefix, sha256) };
  return { ...location, uploaded: await uploadArtifact({ ...location, body, sha256 }, { store: jars, signal }) };
}
