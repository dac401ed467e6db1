/** What one unit of a service costs. */
export interface Price {
  readonly dollars: number;
  /** What the price is for, as a bill names it. */
  readonly unit: string;
  /** The page that states the price. */
  readonly source: string;
}

/** The prices of one region. */
export interface PriceList {
  readonly region: string;
  /** The month in which the prices were written down, `YYYY-MM`. They change: hold them against their pages. */
  readonly recordedIn: string;
  readonly prices: Readonly<Record<PriceId, Price>>;
}

export type PriceId =
  | 'kinesis.shardHour'
  | 'kinesis.putUnit'
  | 'flink.kpuHour'
  | 'flink.storageGbMonth'
  | 'firehose.ingestGb'
  | 'firehose.conversionGb'
  | 'firehose.partitioningGb'
  | 'firehose.partitionedObject'
  | 'firehose.jqHour'
  | 'glue.dpuHour'
  | 'emr.vcpuHour'
  | 'emr.memoryGbHour'
  | 's3.storageGbMonth'
  | 's3.put'
  | 's3.get'
  | 'athena.scannedTb'
  | 'grafana.editor'
  | 'grafana.viewer'
  | 'cloudwatch.alarm'
  | 'cloudwatch.dashboard'
  | 'cloudwatch.logGb';

const KINESIS = 'https://aws.amazon.com/kinesis/data-streams/pricing/';
const FLINK = 'https://aws.amazon.com/managed-service-apache-flink/pricing/';
const FIREHOSE = 'https://aws.amazon.com/firehose/pricing/';
const GLUE = 'https://aws.amazon.com/glue/pricing/';
const EMR = 'https://aws.amazon.com/emr/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const ATHENA = 'https://aws.amazon.com/athena/pricing/';
const GRAFANA = 'https://aws.amazon.com/grafana/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

/**
 * List prices on demand, without free tiers, discounts, taxes and transfer out of AWS. Where a price falls with the
 * amount, its first and highest step: an estimate is rather too high.
 */
export const PRICE_LISTS: readonly PriceList[] = [
  {
    region: 'us-east-1',
    recordedIn: '2026-11',
    prices: {
      'kinesis.shardHour': { dollars: 0.015, unit: 'shard-hour', source: KINESIS },
      'kinesis.putUnit': { dollars: 0.014 / 1e6, unit: 'PUT payload unit of 25 KB', source: KINESIS },
      'flink.kpuHour': { dollars: 0.11, unit: 'KPU-hour', source: FLINK },
      'flink.storageGbMonth': { dollars: 0.1, unit: 'GB-month of running application storage', source: FLINK },
      'firehose.ingestGb': { dollars: 0.029, unit: 'GB ingested, each record rounded up to 5 KB', source: FIREHOSE },
      'firehose.conversionGb': { dollars: 0.018, unit: 'GB converted, rounded as ingested', source: FIREHOSE },
      'firehose.partitioningGb': { dollars: 0.02, unit: 'GB partitioned dynamically', source: FIREHOSE },
      'firehose.partitionedObject': { dollars: 0.005 / 1e3, unit: 'object delivered to a partition', source: FIREHOSE },
      'firehose.jqHour': { dollars: 0.07, unit: 'hour of jq processing', source: FIREHOSE },
      'glue.dpuHour': { dollars: 0.44, unit: 'DPU-hour', source: GLUE },
      'emr.vcpuHour': { dollars: 0.052624, unit: 'vCPU-hour', source: EMR },
      'emr.memoryGbHour': { dollars: 0.0057785, unit: 'GB-hour of memory', source: EMR },
      's3.storageGbMonth': { dollars: 0.023, unit: 'GB-month, Standard', source: S3 },
      's3.put': { dollars: 0.005 / 1e3, unit: 'PUT or LIST request', source: S3 },
      's3.get': { dollars: 0.0004 / 1e3, unit: 'GET request', source: S3 },
      'athena.scannedTb': { dollars: 5, unit: 'TB scanned, at least 10 MB a query', source: ATHENA },
      'grafana.editor': { dollars: 9, unit: 'active editor a month', source: GRAFANA },
      'grafana.viewer': { dollars: 5, unit: 'active viewer a month', source: GRAFANA },
      'cloudwatch.alarm': { dollars: 0.1, unit: 'alarm a month', source: CLOUDWATCH },
      'cloudwatch.dashboard': { dollars: 3, unit: 'dashboard a month', source: CLOUDWATCH },
      'cloudwatch.logGb': { dollars: 0.5, unit: 'GB of logs taken in', source: CLOUDWATCH },
    },
  },
];
