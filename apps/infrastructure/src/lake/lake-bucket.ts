import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const DAYS_OF_UPLOADS = Duration.days(7);

export interface LakeBucketProps
  extends Required<Pick<BucketProps, 'bucketName'>>, Pick<BucketProps, 'lifecycleRules' | 'versioned'> {
  /** Where reads and writes are noted; absent for the bucket of these notes itself. */
  readonly accessLogs?: Bucket;
  readonly removeWithStack: boolean;
}

/** A bucket as all of ours are: encrypted, TLS only, closed to the public, kept when its stack goes unless told otherwise. */
export class LakeBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { accessLogs, removeWithStack, lifecycleRules = [], ...props }: LakeBucketProps,
  ) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...(accessLogs && { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${id}/` }),
      ...props,
      lifecycleRules: [
        ...lifecycleRules,
        // Parts of uploads that never ended are paid for, and shown by no listing.
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: DAYS_OF_UPLOADS },
      ],
      removalPolicy: removeWithStack ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}
