import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { PutArtifactRequest } from './artifact-store.js';

const TYPES: readonly (readonly [suffix: string, type: string])[] = [
  ['.jar', 'application/java-archive'],
  ['.whl', 'application/zip'],
  ['.zip', 'application/zip'],
  ['.py', 'text/x-python'],
  ['.json', 'application/json'],
];

/** What storing an artifact sends, its body aside. Pure. */
export function putArtifactRequest(request: PutArtifactRequest): Omit<PutObjectCommandInput, 'Body'> {
  const { bucket, key, body, sha256 } = request;
  return {
    Bucket: bucket,
    Key: key,
    ContentLength: body.byteLength,
    ContentType: TYPES.find(([suffix]) => key.endsWith(suffix))?.[1] ?? 'application/octet-stream',
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    // Two uploads at once make one object.
    IfNoneMatch: '*',
  };
}
