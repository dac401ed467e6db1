import type { TableDefinition } from '@pulselake/data-model';
import { App } from 'aws-cdk-lib';
import type { Artifacts } from './artifacts.js';
import type { PulselakeConfig } from './config.js';
import { GrafanaStack } from './stacks/grafana-stack.js';
import { LakeStack } from './stacks/lake-stack.js';
import { MetricsEtlStack } from './stacks/metrics-etl-stack.js';
import { OperationsStack } from './stacks/operations-stack.js';
import { StreamStack } from './stacks/stream-stack.js';
import { TrafficReportStack } from './stacks/traffic-report-stack.js';

/** How CDK is to behave, here rather than in `cdk.json`, so that tests make the same templates. */
const CONTEXT = {
  // Values are read when a stack is made or changed, so that no export of one stack locks another.
  '@aws-cdk/core:defaultCrossStackReferences': 'weak',
  // By policy of the bucket: lists of rights on buckets are switched off.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
};

export interface BuildAppOptions {
  readonly config: PulselakeConfig;
  readonly artifacts: Artifacts;
  /** Default: the tables of the data model. */
  readonly tables?: readonly TableDefinition[];
  readonly outdir?: string;
}

/**
 * All stacks of one deployment. Builds nothing, reads no clock, no network and no account.
 *
 * All are always made, since the lake publishes what the others ask of it: made alone, it would take that away from them.
 */
export function buildApp({ config, artifacts, tables, outdir }: BuildAppOptions): App {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...(outdir !== undefined && { outdir }),
    context: CONTEXT,
  });
  const lake = new LakeStack(app, config, tables);
  new StreamStack(app, config, { lake, jar: artifacts.windowAggregator() });
  new MetricsEtlStack(app, config, { lake, ...artifacts.metricsEtl() });
  new TrafficReportStack(app, config, { lake, ...artifacts.trafficReport() });
  new GrafanaStack(app, config, { lake });
  new OperationsStack(app, config);
  return app;
}
