import { Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { deleteObjects, listBucket, readObjects, resumeUploads, writeObjects } from '../access/s3-statements.js';
import { explainKeys } from '../access/explain-keys.js';
import { explainLogGroups } from '../access/explain-log-groups.js';
import { ServiceLog } from '../access/service-log.js';
import { ServiceRole } from '../access/service-role.js';
import type { Artifact } from '../artifacts.js';
import type { PulselakeConfig } from '../config.js';
import { LANDING_PREFIX, type LakeBuckets } from '../lake/lake-buckets.js';
import type { Names } from '../names.js';

const LOGS = `${LANDING_PREFIX}access-logs/*`;

/** What the job writes, and replaces, in the lake. */
const WRITTEN = [
  'traffic_reports/*',
  'traffic_reports_enriched/*',
  'rejected/stage=traffic-report/*',
  'pipeline_runs/*',
  '_staging/*',
];

export interface SparkApplicationProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly buckets: LakeBuckets;
  readonly entryPoint: Artifact;
  readonly pyFiles: Artifact;
}

/** Spark on EMR Serverless: nothing runs, and nothing is paid, between reports. */
export class SparkApplication extends Construct {
  readonly applicationId: string;
  readonly applicationArn: string;
  /** What the job acts as. */
  readonly jobRole: Role;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, { names, config, buckets, entryPoint, pyFiles }: SparkApplicationProps) {
    super(scope, id);
    const { release, maxVcpu, idleStopMinutes } = config.trafficReport;
    const logGroup = new ServiceLog(this, 'log-group', {
      logGroupName: `/pulselake/${config.environment}/traffic-report`,
      retentionDays: config.retention.serviceLogDays,
    });
    this.logGroupName = logGroup.logGroupName;
    const application = new CfnApplication(this, 'application', {
      name: names.of('traffic-report'),
      type: 'Spark',
      releaseLabel: release,
      architecture: 'X86_64',
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: idleStopMinutes },
      // Workers have up to 8 GB for each vCPU, and at least 20 GB of disk.
      maximumCapacity: { cpu: `${maxVcpu} vCPU`, memory: `${maxVcpu * 8} GB`, disk: `${maxVcpu * 20} GB` },
    });
    this.applicationId = application.attrApplicationId;
    this.applicationArn = application.attrArn;
    const { landing, lake, artifacts } = buckets;
    this.jobRole = new ServiceRole(this, 'role', {
      roleName: names.of('traffic-report-job'),
      service: 'emr-serverless.amazonaws.com',
      description: 'Reads access logs and metrics, and writes traffic reports',
      explained: [explainKeys([...WRITTEN, 'windowed_metrics/*', LOGS]), explainLogGroups()],
      statements: [
        readObjects(artifacts, [entryPoint.key, pyFiles.key]),
        listBucket(landing),
        readObjects(landing, [LOGS]),
        listBucket(lake),
        readObjects(lake, [...WRITTEN, 'windowed_metrics/*', 'lake.json']),
        writeObjects(lake, [...WRITTEN, 'lake.json']),
        resumeUploads(lake, WRITTEN),
        deleteObjects(lake, WRITTEN),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
        new PolicyStatement({
          actions: ['logs:DescribeLogGroups'],
          resources: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:*' })],
        }),
      ],
    });
  }
}
