import type { FirehoseInput } from '@pulselake/data-model';
import { Duration, Size } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import {
  DeliveryStream,
  EnableLogging,
  KinesisStreamSource,
  MetadataExtractionProcessor,
  OpenXJsonInputFormat,
  ParquetCompression,
  ParquetOutputFormat,
  S3Bucket,
  SchemaConfiguration,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { listBucket, readObjects, writeObjects } from '../access/s3-statements.js';
import { explainKeys } from '../access/explain-keys.js';
import { ServiceLog } from '../access/service-log.js';
import { ServiceRole } from '../access/service-role.js';
import type { PulselakeConfig } from '../config.js';
import { LakeCatalog } from '../lake/lake-catalog.js';
import { DELIVERY_ERROR_PREFIX } from '../lake/lake-buckets.js';
import type { Names } from '../names.js';
import { suppress } from '../suppress.js';

const TABLE = 'windowed_metrics';
const WRITTEN = [`${TABLE}/*`, `${DELIVERY_ERROR_PREFIX}*`];

export interface WindowDeliveryProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly windows: IStream;
  readonly lake: IBucket;
  /** The entry of `windowed_metrics` in the catalog. */
  readonly table: CfnTable;
  readonly input: FirehoseInput;
}

/** Windows from the stream into Parquet files of the table, each record in the day of its own start. */
export class WindowDelivery extends Construct {
  constructor(scope: Construct, id: string, props: WindowDeliveryProps) {
    super(scope, id);
    const { names, config, windows, lake, table, input } = props;
    const { firehose } = config;
    const logGroup = new ServiceLog(this, 'log-group', {
      logGroupName: `/pulselake/${config.environment}/window-delivery`,
      retentionDays: config.retention.serviceLogDays,
    });
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('window-delivery'),
      service: 'firehose.amazonaws.com',
      description: 'Brings windows from the stream into the lake',
      explained: [explainKeys(WRITTEN)],
      statements: [
        new PolicyStatement({
          actions: ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'],
          resources: [windows.streamArn],
        }),
        new PolicyStatement({
          actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          resources: LakeCatalog.arns(this, names.database, [TABLE]),
        }),
        listBucket(lake),
        new PolicyStatement({ actions: ['s3:ListBucketMultipartUploads'], resources: [lake.bucketArn] }),
        readObjects(lake, WRITTEN),
        writeObjects(lake, WRITTEN),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ],
    });
    // CDK would add the right to delete and to read the whole bucket.
    const fixed = role.withoutPolicyUpdates();
    const partitions = Object.keys(input.partitionExpressions)
      .map((key) => `${key}=!{partitionKeyFromQuery:${key}}/`)
      .join('');
    const delivery = new DeliveryStream(this, 'stream', {
      deliveryStreamName: names.deliveryStream,
      source: new KinesisStreamSource(windows),
      role: fixed,
      destination: new S3Bucket(lake, {
        role: fixed,
        loggingConfig: new EnableLogging(logGroup),
        dataOutputPrefix: `${TABLE}/${partitions}`,
        errorOutputPrefix: `${DELIVERY_ERROR_PREFIX}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
        bufferingInterval: Duration.seconds(firehose.bufferSeconds),
        bufferingSize: Size.mebibytes(firehose.bufferMebibytes),
        dynamicPartitioning: { enabled: true, retryDuration: Duration.minutes(5) },
        processors: [MetadataExtractionProcessor.jq16(input.partitionExpressions)],
        dataFormatConversion: {
          schemaConfiguration: SchemaConfiguration.fromCfnTable(table),
          inputFormat: new OpenXJsonInputFormat({
            lowercaseColumnNames: input.caseInsensitive,
            convertDotsInJsonKeysToUnderscores: input.convertDotsInJsonKeysToUnderscores,
            columnToJsonKeyMappings: input.columnToJsonKeyMappings,
          }),
          outputFormat: new ParquetOutputFormat({ compression: ParquetCompression.SNAPPY }),
        },
      }),
    });
    suppress(delivery, [
      {
        id: 'AwsSolutions-KDF1',
        reason: 'It reads from a stream, which is encrypted itself; Firehose then takes no key of its own',
      },
    ]);
  }
}
