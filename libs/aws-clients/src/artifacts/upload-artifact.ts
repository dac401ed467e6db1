import type { CallOptions } from '../control/call-service.js';
import { ConflictError } from '../control/errors.js';
import type { ArtifactStore, PutArtifactRequest } from './artifact-store.js';

/**
 * Brings an artifact into a bucket under a key that names its digest, unless it is there. An upload that was cut off is begun
 * again by the same call: S3 shows an object when it has all of it.
 *
 * @returns whether it was sent: not when it was there
 * @throws ConflictError when something else lies under its key
 */
export async function uploadArtifact(
  artifact: PutArtifactRequest,
  { store, signal }: CallOptions & { readonly store: ArtifactStore },
): Promise<boolean> {
  const { bucket, key, body, sha256 } = artifact;
  const there = await store.head({ bucket, key }, { signal });
  if (!there) return store.put(artifact, { signal });
  if (there.sizeBytes !== body.byteLength || (there.sha256 !== undefined && there.sha256 !== sha256)) {
    throw new ConflictError(
      `s3://${bucket}/${key} is something else: it has ${there.sizeBytes} bytes${there.sha256 === undefined ? '' : ` and the SHA-256 ${there.sha256}`}, the artifact ${body.byteLength}. Delete it, and upload again.`,
    );
  }
  return false;
}
