import { InvalidLoadError } from './errors.js';

/** What an estimate takes for granted besides the load. Each can be set. */
export interface Assumptions {
  /** Metrics of a component. */
  readonly metricsPerComponent: number;
  /** Bytes of an event on the stream, its partition key included. */
  readonly eventBytes: number;
  /** Bytes of a window as the Flink job sends it, JSON. */
  readonly windowRecordBytes: number;
  /** Bytes of a window in a Parquet file of Firehose (snappy). Measured: 25.9 MB for 2 million rows. */
  readonly windowParquetBytes: number;
  /** Bytes that a Parquet file takes besides its rows. */
  readonly parquetFileBytes: number;
  /** Length of a window, in seconds. */
  readonly windowSizeSeconds: number;
  /** How long the ids of a window's events are held: window, out-of-orderness and allowed lateness, in seconds. */
  readonly idsHeldSeconds: number;
  /** How much more than the average is provided for: 1.25 is a quarter more. */
  readonly headroom: number;
  /** Seconds over which the windows that close at one moment are sent. */
  readonly closingSpreadSeconds: number;
  /**
   * Events that one KPU aggregates a second. Measured on one machine: 93,000 a core from a generator in the process. A KPU
   * also reads Kinesis, parses JSON and keeps checkpoints: a ninth of that is taken.
   */
  readonly eventsPerSecondPerKpu: number;
  /** Memory of an event id in the state, in bytes: a 64-bit hash in a map. */
  readonly idBytes: number;
  /** Memory of a KPU that the state may take, in bytes: half of 4 GB. */
  readonly stateBytesPerKpu: number;
  /** The oldest that a record gets in Firehose before it is written, in seconds (60 to 900). */
  readonly firehoseBufferSeconds: number;
  /** The most that Firehose gathers before it writes, in bytes (64 MiB is its least with conversion). */
  readonly firehoseBufferBytes: number;
  /** Records that jq handles a second of its billed time. Not measured. */
  readonly jqRecordsPerSecond: number;
  /** Objects that the Flink job's checkpoints and account write in an hour. */
  readonly checkpointObjectsPerHour: number;
  /** Rows of legacy services' CSV files a day. */
  readonly csvRowsPerDay: number;
  /** Runs of the Glue job a day: new objects are gathered for 15 minutes. */
  readonly glueRunsPerDay: number;
  /** Seconds of a Glue run before its first row; a run is billed for at least 60. */
  readonly glueStartSeconds: number;
  /** Rows a second at 0.0625 DPU (a quarter of a core). Measured: 278,000 a core for the bare parser; a fifth of a quarter is left out for checks. */
  readonly glueRowsPerSecond: number;
  /** DPUs of the Glue job. */
  readonly glueDpus: number;
  /** Days that a run of the traffic report builds again. */
  readonly reportDays: number;
  /** Runs of the traffic report a day. */
  readonly reportRunsPerDay: number;
  /** Seconds of core time per million log lines. Measured: 17 for a bare job in `local[2]`; the report keeps within 1.3 times that. */
  readonly coreSecondsPerMillionLines: number;
  /** vCPUs billed for each one that works: the driver has one of the two. */
  readonly vcpusPerWorkingCore: number;
  /** Memory per vCPU, in GB. */
  readonly memoryGbPerVcpu: number;
  /** Seconds that the workers of a Spark run are there besides reading lines. */
  readonly sparkStartSeconds: number;
  /** Bytes of a log line. */
  readonly logLineBytes: number;
  /** Days that landing keeps files. */
  readonly landingDays: number;
  /** Months of windows that the lake keeps. */
  readonly lakeMonths: number;
  /** Queries of a dashboard that is opened or refreshed: panels and variables of the largest one. */
  readonly queriesPerRefresh: number;
  /** Days of windows that a dashboard shows. */
  readonly daysPerRefresh: number;
  /** How often a viewer opens or refreshes a dashboard in a month. */
  readonly refreshesPerViewer: number;
  /** People who change dashboards. */
  readonly dashboardEditors: number;
  readonly alarms: number;
  /** Logs of all jobs, in GB a month. */
  readonly logGbPerMonth: number;
}

export const DEFAULT_ASSUMPTIONS: Assumptions = {
  metricsPerComponent: 10,
  eventBytes: 220,
  windowRecordBytes: 350,
  windowParquetBytes: 13,
  parquetFileBytes: 8192,
  windowSizeSeconds: 300,
  idsHeldSeconds: 930,
  headroom: 1.25,
  closingSpreadSeconds: 60,
  eventsPerSecondPerKpu: 10_000,
  idBytes: 50,
  stateBytesPerKpu: 2e9,
  firehoseBufferSeconds: 300,
  firehoseBufferBytes: 64 * 2 ** 20,
  jqRecordsPerSecond: 1000,
  checkpointObjectsPerHour: 600,
  csvRowsPerDay: 1_000_000,
  glueRunsPerDay: 96,
  glueStartSeconds: 30,
  glueRowsPerSecond: 55_000,
  glueDpus: 0.0625,
  reportDays: 3,
  reportRunsPerDay: 1,
  coreSecondsPerMillionLines: 22,
  vcpusPerWorkingCore: 2,
  memoryGbPerVcpu: 2,
  sparkStartSeconds: 120,
  logLineBytes: 150,
  landingDays: 30,
  lakeMonths: 13,
  queriesPerRefresh: 13,
  daysPerRefresh: 1,
  refreshesPerViewer: 600,
  dashboardEditors: 1,
  alarms: 20,
  logGbPerMonth: 2,
};

/** @throws InvalidLoadError when an assumption is no number that can be reckoned with */
export function checkAssumptions(assumptions: Assumptions): void {
  for (const [name, value] of Object.entries(assumptions) as [keyof Assumptions, number][]) {
    const least = DIVISORS.has(name) ? Number.MIN_VALUE : 0;
    if (!Number.isFinite(value) || value < least) {
      throw new InvalidLoadError(`${name} is ${value}; it must be a number ${least > 0 ? 'above' : 'of at least'} 0.`);
    }
  }
}

const DIVISORS: ReadonlySet<keyof Assumptions> = new Set([
  'windowSizeSeconds',
  'closingSpreadSeconds',
  'eventsPerSecondPerKpu',
  'stateBytesPerKpu',
  'firehoseBufferSeconds',
  'firehoseBufferBytes',
  'jqRecordsPerSecond',
  'glueRowsPerSecond',
  'glueRunsPerDay',
]);
