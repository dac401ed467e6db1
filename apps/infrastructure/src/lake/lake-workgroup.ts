import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { NAMED_QUERIES } from './named-queries.js';

const BYTES_PER_GB = 1_000_000_000;

export interface LakeWorkgroupProps {
  readonly name: string;
  readonly database: string;
  readonly results: IBucket;
  /** A query that would read more is cancelled. */
  readonly scanLimitGb: number;
}

/** Where queries run: what they may read and where results go is not the asker's choice. */
export class LakeWorkgroup extends Construct {
  constructor(scope: Construct, id: string, { name, database, results, scanLimitGb }: LakeWorkgroupProps) {
    super(scope, id);
    const group = new CfnWorkGroup(this, 'workgroup', {
      name,
      description: 'Queries of Pulselake',
      // With queries in its history AWS would refuse to remove it.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitGb * BYTES_PER_GB,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const query of NAMED_QUERIES) {
      const named = new CfnNamedQuery(this, query.name, {
        name: query.name,
        description: query.description,
        database,
        workGroup: name,
        queryString: query.sql,
      });
      named.addResourceDependency(group);
    }
  }
}
