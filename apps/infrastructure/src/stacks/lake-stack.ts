import type { TableDefinition } from '@pulselake/data-model';
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PulselakeConfig } from '../config.js';
import { LakeBuckets } from '../lake/lake-buckets.js';
import { LakeCatalog } from '../lake/lake-catalog.js';
import { LakeWorkgroup } from '../lake/lake-workgroup.js';
import { PulselakeStack } from './pulselake-stack.js';

/** The lake itself: buckets, tables, the place where queries run. Every other stack but `operations` stands on it. */
export class LakeStack extends PulselakeStack {
  readonly buckets: LakeBuckets;
  readonly catalog: LakeCatalog;

  constructor(scope: Construct, config: PulselakeConfig, tables?: readonly TableDefinition[]) {
    super(scope, 'lake', config, 'Pulselake: buckets, tables and queries of the lake');
    const { names } = this;
    this.buckets = new LakeBuckets(this, 'buckets', { names, config });
    this.catalog = new LakeCatalog(this, 'catalog', {
      database: names.database,
      bucket: this.buckets.lake,
      firstDay: config.lake.firstDay,
      ...(tables && { tables }),
    });
    new LakeWorkgroup(this, 'queries', {
      name: names.workgroup,
      database: names.database,
      results: this.buckets.queryResults,
      scanLimitGb: config.lake.scanLimitGb,
    }).node.addDependency(this.catalog);
    for (const [name, bucket] of Object.entries({
      LandingBucket: this.buckets.landing,
      LakeBucket: this.buckets.lake,
      ArtifactsBucket: this.buckets.artifacts,
    })) {
      new CfnOutput(this, name, { value: bucket.bucketName });
    }
  }
}
