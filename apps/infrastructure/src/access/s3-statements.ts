import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

const objects = (bucket: IBucket, patterns: readonly string[]) =>
  patterns.map((pattern) => bucket.arnForObjects(pattern));

/** Lists a bucket, and learns where it is. */
export function listBucket(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [bucket.bucketArn] });
}

/** @param patterns keys, with `*` */
export function readObjects(bucket: IBucket, patterns: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:GetObject'], resources: objects(bucket, patterns) });
}

/** Writes in one piece or several. @param patterns keys, with `*` */
export function writeObjects(bucket: IBucket, patterns: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resources: objects(bucket, patterns),
  });
}

/** @param patterns keys, with `*` */
export function deleteObjects(bucket: IBucket, patterns: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:DeleteObject'], resources: objects(bucket, patterns) });
}

/** Finds uploads in pieces that were not ended, to go on with them. @param patterns keys, with `*` */
export function resumeUploads(bucket: IBucket, patterns: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:ListMultipartUploadParts'], resources: objects(bucket, patterns) });
}
