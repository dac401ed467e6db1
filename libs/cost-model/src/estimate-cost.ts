import { type Assumptions, DEFAULT_ASSUMPTIONS } from './assumptions.js';
import { costLine, type CostLine, type NewCostLine } from './cost-line.js';
import type { Load } from './load.js';
import { priceListOf } from './price-list-of.js';
import { DAYS_PER_MONTH, HOURS_PER_MONTH, sizeDeployment, type Sizing, STORAGE_GB_PER_KPU } from './size-deployment.js';

export interface EstimateOptions {
  /** Default us-east-1. */
  readonly region?: string;
  /** What to assume otherwise than by default. */
  readonly assumptions?: Partial<Assumptions>;
}

/** What a deployment would cost. */
export interface CostEstimate {
  readonly region: string;
  readonly load: Load;
  readonly sizing: Sizing;
  readonly assumptions: Assumptions;
  readonly lines: readonly CostLine[];
  readonly components: readonly ComponentCost[];
  readonly dollarsPerMonth: number;
}

export interface ComponentCost {
  readonly component: string;
  readonly dollarsPerMonth: number;
}

/**
 * What a deployment would cost a month, line by line, by list prices. Pure.
 *
 * @throws UnknownRegionError when there are no prices for the region
 * @throws InvalidLoadError when a number of the load or of the assumptions cannot be reckoned with
 * @example
 * ```ts
 * const { dollarsPerMonth } = estimateCost({ eventsPerSecond: 10, components: 10, logLinesPerDay: 1e5, dashboardViewers: 2 });
 * ```
 */
export function estimateCost(load: Load, options: EstimateOptions = {}): CostEstimate {
  const prices = priceListOf(options.region ?? 'us-east-1');
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...options.assumptions };
  const sizing = sizeDeployment(load, assumptions);
  const lines = [
    ...streamLines(sizing),
    ...firehoseLines(sizing),
    ...lakeLines(sizing, assumptions),
    ...batchLines(sizing, assumptions),
    ...peopleLines(load, sizing, assumptions),
  ].map((line) => costLine(line, prices));
  const components = [...new Set(lines.map(({ component }) => component))].map((component) => ({
    component,
    dollarsPerMonth: total(lines.filter((line) => line.component === component)),
  }));
  return { region: prices.region, load, sizing, assumptions, lines, components, dollarsPerMonth: total(lines) };
}

function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollarsPerMonth }) => sum + dollarsPerMonth, 0);
}

function streamLines(s: Sizing): NewCostLine[] {
  const hours = [HOURS_PER_MONTH, 'h'] as const;
  const kpus = s.processingKpus + 1;
  return [
    {
      component: 'Kinesis',
      item: 'shards of the event stream',
      factors: [[s.eventShards, 'shards'], hours],
      price: 'kinesis.shardHour',
    },
    {
      component: 'Kinesis',
      item: 'events put',
      factors: [
        [s.events, 'events'],
        [s.putUnitsPerEvent, 'PUT unit each'],
      ],
      price: 'kinesis.putUnit',
    },
    {
      component: 'Kinesis',
      item: 'shards of the window stream',
      factors: [[s.windowShards, 'shards'], hours],
      price: 'kinesis.shardHour',
    },
    {
      component: 'Kinesis',
      item: 'windows put',
      factors: [
        [s.windows, 'windows'],
        [s.putUnitsPerWindow, 'PUT unit each'],
      ],
      price: 'kinesis.putUnit',
    },
    {
      component: 'Flink',
      item: 'KPUs, one of them for orchestration',
      factors: [[kpus, 'KPUs'], hours],
      price: 'flink.kpuHour',
    },
    {
      component: 'Flink',
      item: 'storage of the processing KPUs',
      factors: [
        [s.processingKpus, 'KPUs'],
        [STORAGE_GB_PER_KPU, 'GB'],
      ],
      price: 'flink.storageGbMonth',
    },
  ];
}

function firehoseLines(s: Sizing): NewCostLine[] {
  const gb = [[s.firehoseBilledGb, 'GB in steps of 5 KB']] as const;
  return [
    { component: 'Firehose', item: 'windows taken in', factors: gb, price: 'firehose.ingestGb' },
    { component: 'Firehose', item: 'conversion to Parquet', factors: gb, price: 'firehose.conversionGb' },
    { component: 'Firehose', item: 'partitioning by day', factors: gb, price: 'firehose.partitioningGb' },
    {
      component: 'Firehose',
      item: 'files delivered',
      factors: [
        [s.filesPerDay, 'files a day'],
        [DAYS_PER_MONTH, 'days'],
      ],
      price: 'firehose.partitionedObject',
    },
    { component: 'Firehose', item: 'jq', factors: [[s.jqHours, 'h']], price: 'firehose.jqHour' },
  ];
}

function lakeLines(s: Sizing, a: Assumptions): NewCostLine[] {
  const days = [DAYS_PER_MONTH, 'days'] as const;
  return [
    {
      component: 'S3',
      item: `windows of ${a.lakeMonths} months`,
      factors: [[s.lakeGb, 'GB']],
      price: 's3.storageGbMonth',
    },
    {
      component: 'S3',
      item: `access logs of ${a.landingDays} days`,
      factors: [[s.landingGb, 'GB']],
      price: 's3.storageGbMonth',
    },
    { component: 'S3', item: 'files of windows put', factors: [[s.filesPerDay, 'files a day'], days], price: 's3.put' },
    {
      component: 'S3',
      item: 'checkpoints and account of the Flink job put',
      factors: [
        [a.checkpointObjectsPerHour, 'objects an hour'],
        [HOURS_PER_MONTH, 'h'],
      ],
      price: 's3.put',
    },
    {
      component: 'S3',
      item: 'files read by queries',
      factors: [
        [s.queries, 'queries'],
        // The footer and the columns of each file.
        [2 * s.filesPerDay * a.daysPerRefresh, 'reads each'],
      ],
      price: 's3.get',
    },
  ];
}

function batchLines(s: Sizing, a: Assumptions): NewCostLine[] {
  return [
    {
      component: 'Glue',
      item: 'runs of the metrics ETL',
      factors: [
        [a.glueRunsPerDay * DAYS_PER_MONTH, 'runs'],
        [s.glueSecondsPerRun / 3600, 'h'],
        [a.glueDpus, 'DPU'],
      ],
      price: 'glue.dpuHour',
    },
    {
      component: 'EMR Serverless',
      item: 'processors of the traffic report',
      factors: [[s.vcpuHours, 'vCPU-h']],
      price: 'emr.vcpuHour',
    },
    {
      component: 'EMR Serverless',
      item: 'memory of the traffic report',
      factors: [[s.emrGbHours, 'GB-h']],
      price: 'emr.memoryGbHour',
    },
  ];
}

function peopleLines({ dashboardViewers }: Load, s: Sizing, a: Assumptions): NewCostLine[] {
  return [
    {
      component: 'Athena',
      item: 'queries of dashboards',
      factors: [
        [s.queries, 'queries'],
        [s.bytesPerQuery / 1e12, 'TB each'],
      ],
      price: 'athena.scannedTb',
    },
    { component: 'Grafana', item: 'editors', factors: [[a.dashboardEditors, 'editors']], price: 'grafana.editor' },
    { component: 'Grafana', item: 'viewers', factors: [[dashboardViewers, 'viewers']], price: 'grafana.viewer' },
    { component: 'CloudWatch', item: 'alarms', factors: [[a.alarms, 'alarms']], price: 'cloudwatch.alarm' },
    { component: 'CloudWatch', item: 'dashboard', factors: [[1, 'dashboard']], price: 'cloudwatch.dashboard' },
    { component: 'CloudWatch', item: 'logs', factors: [[a.logGbPerMonth, 'GB']], price: 'cloudwatch.logGb' },
  ];
}
