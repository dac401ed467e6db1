import { CrossStackReferences, Duration, ReferenceStrength } from 'aws-cdk-lib';
import { type Bucket, type CfnBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PulselakeConfig } from '../config.js';
import type { Names } from '../names.js';
import { LakeBucket } from './lake-bucket.js';

/** Firehose puts here what it could not convert; Firehose wants the slash. */
export const DELIVERY_ERROR_PREFIX = 'delivery-errors/';

/** Incoming files lie below `landing/metrics/` and `landing/access-logs/`, as in a folder. */
export const LANDING_PREFIX = 'landing/';

/** The buckets of a deployment. */
export class LakeBuckets extends Construct {
  readonly landing: Bucket;
  readonly lake: Bucket;
  readonly artifacts: Bucket;
  readonly queryResults: Bucket;

  constructor(scope: Construct, id: string, { names, config }: { names: Names; config: PulselakeConfig }) {
    super(scope, id);
    const { retention, lake } = config;
    const { removeWithStack } = lake;
    const accessLogs = new LakeBucket(this, 'access-logs', {
      bucketName: names.bucket('access-logs'),
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(retention.accessLogDays) }],
      removeWithStack,
    });
    this.landing = new LakeBucket(this, 'landing', {
      bucketName: names.bucket('landing'),
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(retention.landingDays) }],
      accessLogs,
      removeWithStack,
    });
    // CDK's own switch for this adds a Lambda that may change every bucket of the account.
    (this.landing.node.defaultChild as CfnBucket).addPropertyOverride(
      'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
      true,
    );
    this.lake = new LakeBucket(this, 'lake', {
      bucketName: names.bucket('lake'),
      versioned: true,
      lifecycleRules: [
        // What it was before it expired goes at once: raw text may name people.
        ...[
          ['rejected', 'rejected/'],
          ['delivery-errors', DELIVERY_ERROR_PREFIX],
        ].map(([id, prefix]) => ({
          id,
          prefix,
          expiration: Duration.days(retention.rejectedDays),
          noncurrentVersionExpiration: Duration.days(1),
        })),
        { id: 'staging', prefix: '_staging/', expiration: Duration.days(7) },
        ...['windowed_metrics/', 'traffic_reports/', 'traffic_reports_enriched/'].map((prefix) => ({
          id: `tier-${prefix.slice(0, -1)}`,
          prefix,
          transitions: [
            {
              storageClass: StorageClass.INFREQUENT_ACCESS,
              transitionAfter: Duration.days(retention.lakeInfrequentAccessDays),
            },
          ],
        })),
        // Reruns overwrite their own objects: what was there before is a way back, for a while.
        { id: 'older-versions', noncurrentVersionExpiration: Duration.days(30) },
      ],
      accessLogs,
      removeWithStack,
    });
    // The one reference that keeps its producer: the lake cannot be removed below those who write to it.
    CrossStackReferences.of(this.lake).produce(ReferenceStrength.STRONG);
    this.artifacts = new LakeBucket(this, 'artifacts', {
      bucketName: names.bucket('artifacts'),
      versioned: true,
      accessLogs,
      removeWithStack,
    });
    this.queryResults = new LakeBucket(this, 'query-results', {
      bucketName: names.bucket('query-results'),
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(retention.queryResultDays) }],
      accessLogs,
      removeWithStack: true,
    });
  }
}
