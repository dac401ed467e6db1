import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnApplication, CfnApplicationCloudWatchLoggingOption } from 'aws-cdk-lib/aws-kinesisanalyticsv2';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deleteObjects, listBucket, readObjects, resumeUploads, writeObjects } from '../access/s3-statements.js';
import { explainKeys } from '../access/explain-keys.js';
import { explainLogGroups } from '../access/explain-log-groups.js';
import { ServiceLog } from '../access/service-log.js';
import { ServiceRole } from '../access/service-role.js';
import type { Artifact } from '../artifacts.js';
import type { PulselakeConfig } from '../config.js';
import type { Names } from '../names.js';

/** The job's group of runtime properties, and where in the lake it writes. */
const PROPERTY_GROUP = 'WindowAggregator';
const WRITTEN = ['rejected/stage=stream-windows/*', 'stream_accounts/*'];

export interface WindowApplicationProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly events: IStream;
  readonly windows: IStream;
  readonly lake: IBucket;
  readonly artifacts: IBucket;
  readonly jar: Artifact;
}

/** The Flink application that makes windows of events. It is made, not started: `pulselake-flink start` does that. */
export class WindowApplication extends Construct {
  constructor(scope: Construct, id: string, props: WindowApplicationProps) {
    super(scope, id);
    const { names, config, events, windows, lake, artifacts, jar } = props;
    const { flink } = config;
    const logGroup = new ServiceLog(this, 'log-group', {
      logGroupName: `/pulselake/${config.environment}/window-aggregator`,
      retentionDays: config.retention.serviceLogDays,
    });
    const logStream = new LogStream(this, 'log-stream', {
      logGroup,
      logStreamName: 'job',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStreamArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}:log-stream:${logStream.logStreamName}`,
    });
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('window-aggregator'),
      service: 'kinesisanalytics.amazonaws.com',
      description: 'Reads events, writes windows, and rejected records and its account into the lake',
      saysForWhom: false,
      explained: [explainKeys(WRITTEN), explainLogGroups()],
      statements: [
        new PolicyStatement({
          actions: ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'],
          resources: [events.streamArn],
        }),
        new PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [windows.streamArn] }),
        readObjects(artifacts, [jar.key]),
        listBucket(lake),
        readObjects(lake, WRITTEN),
        writeObjects(lake, WRITTEN),
        resumeUploads(lake, WRITTEN),
        deleteObjects(lake, WRITTEN),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logStreamArn] }),
        new PolicyStatement({ actions: ['logs:DescribeLogStreams'], resources: [logGroup.logGroupArn] }),
        new PolicyStatement({
          actions: ['logs:DescribeLogGroups'],
          resources: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:*' })],
        }),
      ],
    });
    const application = new CfnApplication(this, 'application', {
      applicationName: names.flinkApplication,
      applicationDescription: 'Pulselake: five-minute windows of metric events',
      runtimeEnvironment: 'FLINK-1_20',
      serviceExecutionRole: role.roleArn,
      applicationConfiguration: {
        applicationCodeConfiguration: {
          codeContentType: 'ZIPFILE',
          codeContent: { s3ContentLocation: { bucketArn: artifacts.bucketArn, fileKey: jar.key } },
        },
        environmentProperties: {
          propertyGroups: [
            {
              propertyGroupId: PROPERTY_GROUP,
              propertyMap: {
                ...Object.fromEntries(Object.entries(flink.settings).map(([name, value]) => [name, String(value)])),
                inputStream: events.streamName,
                outputStream: windows.streamName,
                region: Aws.REGION,
                lakePath: `s3://${lake.bucketName}`,
                jobName: 'window-aggregator',
              },
            },
          ],
        },
        // Without snapshots a changed jar would begin with nothing; without the way back a broken one would stay.
        applicationSnapshotConfiguration: { snapshotsEnabled: true },
        applicationSystemRollbackConfiguration: { rollbackEnabled: true },
        flinkApplicationConfiguration: {
          // The values below count only with CUSTOM.
          checkpointConfiguration: {
            configurationType: 'CUSTOM',
            checkpointingEnabled: true,
            checkpointInterval: flink.checkpointSeconds * 1000,
            minPauseBetweenCheckpoints: Math.min(5000, flink.checkpointSeconds * 500),
          },
          monitoringConfiguration: { configurationType: 'CUSTOM', logLevel: 'INFO', metricsLevel: 'TASK' },
          parallelismConfiguration: {
            configurationType: 'CUSTOM',
            parallelism: flink.parallelism,
            parallelismPerKpu: flink.parallelismPerKpu,
            autoScalingEnabled: flink.autoScaling,
          },
        },
      },
    });
    const logging = new CfnApplicationCloudWatchLoggingOption(this, 'logging', {
      applicationName: names.flinkApplication,
      cloudWatchLoggingOption: { logStreamArn },
    });
    logging.addResourceDependency(application);
  }
}
