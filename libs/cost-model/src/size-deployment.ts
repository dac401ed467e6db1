import { type Assumptions, checkAssumptions, DEFAULT_ASSUMPTIONS } from './assumptions.js';
import { checkLoad, type Load } from './load.js';

/** An average month: 8,760 hours / 12. */
export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
const SECONDS_PER_DAY = 86_400;

/** @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_LIMITS = { recordsPerSecond: 1000, bytesPerSecond: 1e6 } as const;
/** A PUT is billed in steps of this size. */
const PUT_UNIT_BYTES = 25 * 1024;
/** Firehose bills each record in steps of this size. */
const FIREHOSE_STEP_BYTES = 5 * 1024;
/** Athena bills each query for at least this much. */
const ATHENA_LEAST_BYTES = 10e6;
/** A run of a Glue Python-shell job is billed for at least this long. */
const GLUE_LEAST_SECONDS = 60;
/** Storage that comes with each KPU. */
export const STORAGE_GB_PER_KPU = 50;

/** How much of each service a load takes. Amounts are of a month unless the name says otherwise. */
export interface Sizing {
  readonly eventShards: number;
  readonly events: number;
  readonly putUnitsPerEvent: number;
  readonly windowShards: number;
  /** Windows written each time that windows close. */
  readonly windowsPerClosing: number;
  readonly windows: number;
  readonly putUnitsPerWindow: number;
  /** KPUs that aggregate; one more orchestrates. */
  readonly processingKpus: number;
  readonly firehoseBilledGb: number;
  readonly filesPerDay: number;
  readonly jqHours: number;
  readonly windowBytesPerDay: number;
  readonly lakeGb: number;
  readonly landingGb: number;
  readonly glueSecondsPerRun: number;
  readonly glueDpuHours: number;
  readonly vcpuHoursPerMillionLines: number;
  readonly vcpuHours: number;
  readonly emrGbHours: number;
  readonly queries: number;
  readonly bytesPerQuery: number;
  readonly bytesPerRefresh: number;
}

/**
 * How much of each service a load takes: shards, KPUs, files a day, bytes scanned by a dashboard. Pure.
 *
 * @throws InvalidLoadError when a number of the load or of the assumptions cannot be reckoned with
 * @example
 * ```ts
 * sizeDeployment({ eventsPerSecond: 1000, components: 100, logLinesPerDay: 0, dashboardViewers: 0 }).eventShards; // 2
 * ```
 */
export function sizeDeployment(load: Load, changed: Partial<Assumptions> = {}): Sizing {
  const a: Assumptions = { ...DEFAULT_ASSUMPTIONS, ...changed };
  checkLoad(load);
  checkAssumptions(a);
  return { ...streamSizing(load, a), ...batchSizing(load, a), ...querySizing(load, a) };
}

function streamSizing({ eventsPerSecond, components }: Load, a: Assumptions) {
  const peak = eventsPerSecond * a.headroom;
  // A series without an event in a window has no row.
  const windowsPerClosing = Math.min(components * a.metricsPerComponent, eventsPerSecond * a.windowSizeSeconds);
  const closingsPerDay = SECONDS_PER_DAY / a.windowSizeSeconds;
  const windows = windowsPerClosing * closingsPerDay * DAYS_PER_MONTH;
  const windowBytesPerSecond = (windowsPerClosing / a.windowSizeSeconds) * a.windowRecordBytes;
  const filesPerDay =
    windows === 0
      ? 0
      : Math.ceil(
          SECONDS_PER_DAY * Math.max(1 / a.firehoseBufferSeconds, windowBytesPerSecond / a.firehoseBufferBytes),
        );
  const idsBytes = eventsPerSecond * a.idsHeldSeconds * a.idBytes;
  const windowBytesPerDay =
    windowsPerClosing * closingsPerDay * a.windowParquetBytes + filesPerDay * a.parquetFileBytes;
  return {
    eventShards: shards(peak, a.eventBytes),
    events: eventsPerSecond * SECONDS_PER_DAY * DAYS_PER_MONTH,
    putUnitsPerEvent: Math.ceil(a.eventBytes / PUT_UNIT_BYTES),
    windowShards: shards((windowsPerClosing / a.closingSpreadSeconds) * a.headroom, a.windowRecordBytes),
    windowsPerClosing,
    windows,
    putUnitsPerWindow: Math.ceil(a.windowRecordBytes / PUT_UNIT_BYTES),
    processingKpus: Math.max(1, Math.ceil(peak / a.eventsPerSecondPerKpu), Math.ceil(idsBytes / a.stateBytesPerKpu)),
    firehoseBilledGb: (windows * Math.ceil(a.windowRecordBytes / FIREHOSE_STEP_BYTES) * FIREHOSE_STEP_BYTES) / 2 ** 30,
    filesPerDay,
    jqHours: windows / a.jqRecordsPerSecond / 3600,
    windowBytesPerDay,
    lakeGb: (windowBytesPerDay * DAYS_PER_MONTH * a.lakeMonths) / 2 ** 30,
  };
}

function batchSizing({ logLinesPerDay }: Load, a: Assumptions) {
  const rowsPerRun = a.csvRowsPerDay / a.glueRunsPerDay;
  const glueSecondsPerRun =
    rowsPerRun === 0 ? 0 : Math.max(GLUE_LEAST_SECONDS, a.glueStartSeconds + rowsPerRun / a.glueRowsPerSecond);
  const vcpuHoursPerMillionLines = (a.coreSecondsPerMillionLines * a.vcpusPerWorkingCore) / 3600;
  const linesRead = logLinesPerDay * a.reportDays * a.reportRunsPerDay * DAYS_PER_MONTH;
  const startHours =
    logLinesPerDay === 0
      ? 0
      : (a.reportRunsPerDay * DAYS_PER_MONTH * a.sparkStartSeconds * a.vcpusPerWorkingCore) / 3600;
  const vcpuHours = startHours + (linesRead / 1e6) * vcpuHoursPerMillionLines;
  return {
    landingGb: (logLinesPerDay * a.logLineBytes * a.landingDays) / 2 ** 30,
    glueSecondsPerRun,
    glueDpuHours: (a.glueRunsPerDay * DAYS_PER_MONTH * glueSecondsPerRun * a.glueDpus) / 3600,
    vcpuHoursPerMillionLines,
    vcpuHours,
    emrGbHours: vcpuHours * a.memoryGbPerVcpu,
  };
}

function querySizing(load: Load, a: Assumptions) {
  const { windowBytesPerDay } = streamSizing(load, a);
  const bytesPerQuery = Math.max(ATHENA_LEAST_BYTES, windowBytesPerDay * a.daysPerRefresh);
  return {
    queries: load.dashboardViewers * a.refreshesPerViewer * a.queriesPerRefresh,
    bytesPerQuery,
    bytesPerRefresh: bytesPerQuery * a.queriesPerRefresh,
  };
}

function shards(recordsPerSecond: number, recordBytes: number): number {
  const { recordsPerSecond: records, bytesPerSecond } = SHARD_LIMITS;
  return Math.max(
    1,
    Math.ceil(recordsPerSecond / records),
    Math.ceil((recordsPerSecond * recordBytes) / bytesPerSecond),
  );
}
