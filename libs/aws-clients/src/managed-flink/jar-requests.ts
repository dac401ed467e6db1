import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { PutJarRequest } from './jar-store.js';

/** What storing a jar sends, its body aside. Pure. */
export function putJarRequest({ bucket, key, body, sha256 }: PutJarRequest): Omit<PutObjectCommandInput, 'Body'> {
  return {
    Bucket: bucket,
    Key: key,
    ContentLength: body.byteLength,
    ContentType: 'application/java-archive',
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    // Two uploads at once make one object.
    IfNoneMatch: '*',
  };
}
