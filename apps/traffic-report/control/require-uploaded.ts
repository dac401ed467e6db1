import type { ArtifactLocation, ArtifactStore } from '@pulselake/aws-clients/artifacts';
import { JobFailure } from '@pulselake/job-control';

/** @throws JobFailure when one of them is not in its bucket: the run would fail minutes later */
export async function requireUploaded(
  locations: readonly ArtifactLocation[],
  { store, signal }: { store: ArtifactStore; signal: AbortSignal },
): Promise<void> {
  for (const location of locations) {
    if (await store.head(location, { signal })) continue;
    const { bucket, key } = location;
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    throw new JobFailure(
      `There is no s3://${bucket}/${key}, which these sources make. Upload them: pulselake-traffic upload --bucket ${bucket}${prefix === '' ? '' : ` --prefix ${prefix}`}`,
    );
  }
}
