import { type ArtifactStore, createArtifactStoreClient, S3ArtifactStore } from '@pulselake/aws-clients/artifacts';
import type { ServiceAccess } from '../service-session.js';

/** Buckets of Amazon S3. */
export const s3Access: ServiceAccess<ArtifactStore> = (options, { timeoutMs, ...environment }) => {
  const client = createArtifactStoreClient(options);
  return {
    service: new S3ArtifactStore({ client, requestTimeoutMs: Math.min(600_000, timeoutMs), ...environment }),
    destroy: () => client.destroy(),
  };
};
