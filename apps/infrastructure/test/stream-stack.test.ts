import { describe, expect, it } from 'vitest';
import { Synthesized } from './support/synthesized.js';

const synthesized = new Synthesized({ flink: { settings: { allowedLatenessSeconds: 900, startAt: 'earliest' } } });

describe('streams', () => {
  it('have the shards and the retention that were asked for, and are encrypted', () => {
    const shaped = new Synthesized({ streams: { eventShards: 3, windowShards: 2, retentionHours: 48 } });
    expect(shaped.resources('stream', 'AWS::Kinesis::Stream').map(({ Properties }) => Properties)).toMatchObject([
      {
        Name: 'pulselake-dev-metric-events',
        ShardCount: 3,
        RetentionPeriodHours: 48,
        StreamEncryption: { EncryptionType: 'KMS' },
      },
      {
        Name: 'pulselake-dev-windowed-metrics',
        ShardCount: 2,
        RetentionPeriodHours: 48,
        StreamEncryption: { EncryptionType: 'KMS' },
      },
    ]);
  });

  it('have no shards to choose when they are paid by use', () => {
    const onDemand = new Synthesized({ streams: { onDemand: true } }).resources('stream', 'AWS::Kinesis::Stream');
    expect(onDemand.map(({ Properties }) => [Properties['StreamModeDetails'], Properties['ShardCount']])).toEqual([
      [{ StreamMode: 'ON_DEMAND' }, undefined],
      [{ StreamMode: 'ON_DEMAND' }, undefined],
    ]);
  });
});

describe('the Flink application', () => {
  const application = synthesized.one('stream', 'AWS::KinesisAnalyticsV2::Application');

  it("runs the job's Flink, and the jar by its digest", () => {
    expect(application).toMatchObject({
      ApplicationName: 'pulselake-dev-window-aggregator',
      RuntimeEnvironment: 'FLINK-1_20',
      ApplicationConfiguration: {
        ApplicationCodeConfiguration: {
          CodeContentType: 'ZIPFILE',
          CodeContent: { S3ContentLocation: { FileKey: 'window-aggregator/window-aggregator-JAR.jar' } },
        },
      },
    });
  });

  it('keeps its state: checkpoints of its own, snapshots, and the way back from a broken change', () => {
    expect(application).toMatchObject({
      ApplicationConfiguration: {
        ApplicationSnapshotConfiguration: { SnapshotsEnabled: true },
        ApplicationSystemRollbackConfiguration: { RollbackEnabled: true },
        FlinkApplicationConfiguration: {
          CheckpointConfiguration: {
            ConfigurationType: 'CUSTOM',
            CheckpointingEnabled: true,
            CheckpointInterval: 60_000,
          },
          ParallelismConfiguration: {
            ConfigurationType: 'CUSTOM',
            Parallelism: 1,
            ParallelismPerKPU: 1,
            AutoScalingEnabled: true,
          },
          MonitoringConfiguration: { ConfigurationType: 'CUSTOM', LogLevel: 'INFO', MetricsLevel: 'TASK' },
        },
      },
    });
  });

  it("has the job's settings under the job's names", () => {
    const { ApplicationConfiguration } = application as {
      ApplicationConfiguration: {
        EnvironmentProperties: { PropertyGroups: { PropertyGroupId: string; PropertyMap: Record<string, unknown> }[] };
      };
    };
    const [group] = ApplicationConfiguration.EnvironmentProperties.PropertyGroups;
    expect(group!.PropertyGroupId).toBe('WindowAggregator');
    expect(group!.PropertyMap).toMatchObject({
      allowedLatenessSeconds: '900',
      startAt: 'earliest',
      region: { Ref: 'AWS::Region' },
    });
    expect(Object.keys(group!.PropertyMap).sort()).toEqual(
      ['allowedLatenessSeconds', 'inputStream', 'jobName', 'lakePath', 'outputStream', 'region', 'startAt'].sort(),
    );
  });

  it('says what it does in a log that does not grow without end', () => {
    const groups = synthesized.resources('stream', 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    expect(groups).toMatchObject([
      { LogGroupName: '/pulselake/dev/window-aggregator', RetentionInDays: 30 },
      { LogGroupName: '/pulselake/dev/window-delivery', RetentionInDays: 30 },
    ]);
    expect(synthesized.resources('stream', 'AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption')).toHaveLength(
      1,
    );
  });

  it('is started and stopped by a schedule when one is given, with its state', () => {
    expect(synthesized.resources('stream', 'AWS::Scheduler::Schedule')).toEqual([]);
    const scheduled = new Synthesized({
      flink: {
        schedule: { start: 'cron(0 6 ? * MON-FRI *)', stop: 'cron(0 20 ? * MON-FRI *)', timeZone: 'Europe/Berlin' },
      },
    });
    const [start, stop] = scheduled.resources('stream', 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
    expect(start).toMatchObject({
      ScheduleExpression: 'cron(0 6 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:kinesisanalyticsv2:startApplication' },
    });
    expect(JSON.parse((start!['Target'] as { Input: string }).Input)).toMatchObject({
      ApplicationName: 'pulselake-dev-window-aggregator',
      RunConfiguration: { ApplicationRestoreConfiguration: { ApplicationRestoreType: 'RESTORE_FROM_LATEST_SNAPSHOT' } },
    });
    expect(stop).toMatchObject({
      ScheduleExpression: 'cron(0 20 ? * MON-FRI *)',
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:kinesisanalyticsv2:stopApplication' },
    });
  });
});

describe('the delivery', () => {
  const delivery = synthesized.one('stream', 'AWS::KinesisFirehose::DeliveryStream');

  it('writes each window into the day of its own start', () => {
    expect(delivery).toMatchObject({
      DeliveryStreamType: 'KinesisStreamAsSource',
      ExtendedS3DestinationConfiguration: {
        Prefix: 'windowed_metrics/dt=!{partitionKeyFromQuery:dt}/',
        DynamicPartitioningConfiguration: { Enabled: true },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{"dt":(.fromTimestamp[0:10])}' },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
      },
    });
  });

  it('puts what it cannot convert where its own role may write, and where it expires', () => {
    expect(delivery).toMatchObject({
      ExtendedS3DestinationConfiguration: {
        ErrorOutputPrefix: 'delivery-errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      },
    });
  });

  it('gathers windows for as long as was asked, in files that the service allows', () => {
    expect(delivery).toMatchObject({
      ExtendedS3DestinationConfiguration: { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 300 } },
    });
    const quick = new Synthesized({ firehose: { bufferSeconds: 60, bufferMebibytes: 128 } });
    expect(quick.one('stream', 'AWS::KinesisFirehose::DeliveryStream')).toMatchObject({
      ExtendedS3DestinationConfiguration: { BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 } },
    });
  });

  it('has one role, for the source and for the destination', () => {
    const { KinesisStreamSourceConfiguration: source, ExtendedS3DestinationConfiguration: destination } =
      delivery as Record<string, { RoleARN: unknown }>;
    expect(source!.RoleARN).toEqual(destination!.RoleARN);
    expect(synthesized.resources('stream', 'AWS::IAM::Role')).toHaveLength(2);
  });
});
