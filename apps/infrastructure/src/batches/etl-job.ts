import { Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { deleteObjects, listBucket, readObjects, writeObjects } from '../access/s3-statements.js';
import { explainKeys } from '../access/explain-keys.js';
import { ServiceRole } from '../access/service-role.js';
import type { Artifact } from '../artifacts.js';
import type { PulselakeConfig } from '../config.js';
import { LANDING_PREFIX, type LakeBuckets } from '../lake/lake-buckets.js';
import type { Names } from '../names.js';
import { suppress } from '../suppress.js';

/** What the job writes into the lake. */
const WRITTEN = [
  'windowed_metrics/*',
  'rejected/stage=metrics-etl/*',
  'pipeline_runs/*',
  '_staging/metrics-etl/*',
  'lake.json',
];

const METRICS = `${LANDING_PREFIX}metrics/*`;

/** What it takes away again, when a file has grown. */
const DELETED = ['windowed_metrics/*', 'rejected/stage=metrics-etl/*', '_staging/metrics-etl/*'];

export interface EtlJobProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly buckets: LakeBuckets;
  readonly script: Artifact;
  readonly wheel: Artifact;
  /** As pip takes them, for example `pyarrow==20.0.0`. */
  readonly pythonModules: readonly string[];
}

/** The Glue Python-shell job; what it reads, it finds itself. */
export class EtlJob extends Construct {
  constructor(scope: Construct, id: string, { names, config, buckets, script, wheel, pythonModules }: EtlJobProps) {
    super(scope, id);
    const { landing, lake, artifacts } = buckets;
    const { maxCapacityDpu, timeoutMinutes, retries } = config.metricsEtl;
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('metrics-etl'),
      service: 'glue.amazonaws.com',
      description: 'Reads metrics from landing and writes them into the lake',
      saysForWhom: false,
      explained: [
        explainKeys([...WRITTEN, METRICS]),
        {
          id: 'AwsSolutions-IAM5',
          reason: 'Glue writes logs of Python shell jobs to groups of these names and to no others',
          appliesTo: [{ regex: '/^Resource::arn:aws:logs:.*:log-group:/aws-glue/python-jobs/\\*$/' }],
        },
      ],
      statements: [
        readObjects(artifacts, [script.key, wheel.key]),
        listBucket(landing),
        readObjects(landing, [METRICS]),
        listBucket(lake),
        readObjects(lake, WRITTEN),
        writeObjects(lake, WRITTEN),
        deleteObjects(lake, DELETED),
        new PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:/aws-glue/python-jobs/*' })],
        }),
      ],
    });
    const job = new CfnJob(this, 'job', {
      name: names.etlJob,
      description: 'Pulselake: batches of metrics into the lake',
      role: role.roleArn,
      command: {
        name: 'pythonshell',
        pythonVersion: '3.9',
        scriptLocation: `s3://${artifacts.bucketName}/${script.key}`,
      },
      defaultArguments: {
        '--lake': `s3://${lake.bucketName}`,
        '--landing': `s3://${landing.bucketName}/${LANDING_PREFIX.slice(0, -1)}`,
        '--extra-py-files': `s3://${artifacts.bucketName}/${wheel.key}`,
        '--additional-python-modules': pythonModules.join(','),
        'library-set': 'none',
        '--job-language': 'python',
      },
      // Two runs at a time could take the same file: what comes in meanwhile is found by the next one.
      executionProperty: { maxConcurrentRuns: 1 },
      maxCapacity: maxCapacityDpu,
      maxRetries: retries,
      timeout: timeoutMinutes,
    });
    suppress(job, [
      {
        id: 'AwsSolutions-GL1',
        reason: 'Its logs name files and counts, no data; CloudWatch encrypts them with a key of its own',
      },
      {
        id: 'AwsSolutions-GL3',
        reason: 'Python shell jobs have no bookmarks; the ledger of the lake is what it remembers',
      },
    ]);
  }
}
