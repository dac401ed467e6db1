import type { JarLocation, JarStore } from '@pulselake/aws-clients/managed-flink';
import { ControlFailure } from './errors.js';
import type { JarFile } from './jar-file.js';
import { jarKey } from './jar-key.js';

export interface UploadOutcome extends JarLocation {
  /** Not when it was there. */
  readonly uploaded: boolean;
}

/**
 * Brings a jar into a bucket under its digest, unless it is there.
 *
 * @throws ControlFailure when something else lies under its key
 */
export async function uploadJar(
  { body, sizeBytes, sha256 }: JarFile,
  { jars, bucket, prefix, signal }: { jars: JarStore; bucket: string; prefix: string; signal: AbortSignal },
): Promise<UploadOutcome> {
  const location = { bucket, key: jarKey(prefix, sha256) };
  const there = await jars.head(location, { signal });
  if (!there) return { ...location, uploaded: await jars.put({ ...location, body, sha256 }, { signal }) };
  if (there.sizeBytes !== sizeBytes || (there.sha256 !== undefined && there.sha256 !== sha256)) {
    throw new ControlFailure(
      `s3://${bucket}/${location.key} is not this jar: it has ${there.sizeBytes} bytes${there.sha256 === undefined ? '' : ` and the SHA-256 ${there.sha256}`}, the jar ${sizeBytes}. Delete it, and upload again.`,
    );
  }
  return { ...location, uploaded: false };
}
