import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import { ControlRequestError, MissingError } from '../control/errors.js';

/** The SDK's client of S3 by which a bucket is emptied. */
export type EmptyBucketOptions = ControlOptions<Pick<S3Client, 'send'>>;

/**
 * Removes all objects of a bucket, with their older versions and the marks of removed ones, a thousand at a time: a bucket that has
 * any cannot be removed. What is put there meanwhile may stay; it can be run again. No bucket is no error.
 *
 * @returns how many versions and marks it removed
 * @throws ControlError; ControlRequestError when S3 keeps some of them
 */
export async function emptyBucket(
  bucket: string,
  options: EmptyBucketOptions,
  { signal }: CallOptions = {},
): Promise<number> {
  const call = <T>(needs: string, work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>) =>
    callService(work, { service: 'S3', what: 'bucket', name: bucket, needs, isRepeatable: true, signal }, options);
  let removed = 0;
  let after: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await call('s3:ListBucketVersions', (at) =>
      options.client.send(new ListObjectVersionsCommand({ Bucket: bucket, ...after }), at),
    ).catch((error: unknown) => {
      if (error instanceof MissingError) return undefined;
      throw error;
    });
    if (!page) return removed;
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) {
      const { Errors: kept = [] } = await call('s3:DeleteObjectVersion', (at) =>
        options.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }), at),
      );
      if (kept[0]) {
        throw new ControlRequestError(
          `S3 keeps ${kept.length} objects of bucket ${bucket}, ${kept[0].Key} for one: ${kept[0].Message ?? kept[0].Code}.`,
        );
      }
      removed += Objects.length;
    }
    if (!page.IsTruncated) return removed;
    after = {
      ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
      ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
    };
  }
}
