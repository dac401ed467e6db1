import {
  PIPELINE_RUNS,
  REJECTED_RECORDS,
  TRAFFIC_COUNTS,
  TRAFFIC_REPORTS,
  TRAFFIC_REPORTS_ENRICHED,
  WINDOWED_METRICS,
  type MetricSource,
  type PipelineStage,
  type TableDefinition,
} from '@pulselake/data-model';

/** Version of the layout of a lake's folder; a lake with a higher one is refused. */
export const LAKE_VERSION = 1;

/** Folder of files on their way into the lake; no table's data. */
export const STAGING = '_staging';
/** What the one command that changes the lake holds; no table's data. */
export const LOCK = '_lock';
/** Folder of what streams hold that cannot be read again; no table's data. */
export const JOURNAL = '_journal';
/** Folder of incoming files; no table's data. */
export const LANDING = 'landing';
/** File that makes a folder a lake and says its {@link LAKE_VERSION}. */
export const MARKER = 'lake.json';

/** Key of a file of windows. `name` begins with what the file is a function of. */
export function windowsKey(day: string, name: string): string {
  return `${WINDOWED_METRICS.prefix}/dt=${day}/${name}.parquet`;
}

/** Name of a file of windows that come from one input, or from one of its parts. */
export function inputWindowsName(source: MetricSource, inputId: string, part = ''): string {
  return `${source}-${inputId}${part}`;
}

/** Name of a file of windows that come from several inputs. `digest`: what it is a function of, in hexadecimal. */
export function mergedWindowsName(digest: string): string {
  return `${MERGED}${digest.slice(0, 32)}`;
}

/** Key of a file of windows that come from several inputs. */
export function mergedWindowsKey(day: string, digest: string): string {
  return windowsKey(day, mergedWindowsName(digest));
}

/** Whether a key is that of a file of windows. */
export function isWindowsKey(key: string): boolean {
  return key.startsWith(`${WINDOWED_METRICS.prefix}/`);
}

/** Whether a file may hold rows of several inputs. */
export function isMergedKey(key: string): boolean {
  return isWindowsKey(key) && key.slice(key.lastIndexOf('/') + 1).startsWith(MERGED);
}

const MERGED = 'merged-';
/** A digest, a live stream, the records that a Flink job rejected, a delivery. */
const INPUT_ID = /[0-9a-f]{64}|(?:stream-windows|delivery)-\d{8}T\d{9}Z-[0-9a-f]{8}|flink\.[A-Za-z0-9-]+(?=\.)/;
const REJECTED_STAGE = /^rejected\/stage=([^/]+)\//;
const PARTITION_DAY = /^[^/]+\/(?:stage=[^/]+\/)?(?:dt|report_date)=(\d{4}-\d\d-\d\d)\//;

/** Which input of which stage a data file comes from, told by its key; none for merged files and reports. */
export function inputOfKey(key: string): { readonly stage: PipelineStage; readonly inputId: string } | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const inputId = INPUT_ID.exec(name)?.[0];
  if (inputId === undefined) return undefined;
  if (key.startsWith(`${TRAFFIC_COUNTS.prefix}/`)) return { stage: 'traffic-report', inputId };
  const rejectedBy = REJECTED_STAGE.exec(key)?.[1];
  if (rejectedBy !== undefined) return { stage: rejectedBy as PipelineStage, inputId };
  if (!isWindowsKey(key)) return undefined;
  return { stage: name.startsWith('batch-') ? 'metrics-etl' : 'stream-windows', inputId };
}

/** The end of the names of files with redriven records: `part` tells apart the groups of one input. */
export function redrivenPart(digest: string): string {
  return `${REDRIVEN}${digest.slice(0, 16)}`;
}

/** Whether a file holds redriven records. */
export function isRedriven(key: string): boolean {
  return key.includes(REDRIVEN);
}

const REDRIVEN = '.redriven-';

/** The UTC day of a data file's partition, `YYYY-MM-DD`. */
export function dayOfKey(key: string): string | undefined {
  return PARTITION_DAY.exec(key)?.[1];
}

/** Key of one input's rejected records. */
export function rejectedKey(stage: PipelineStage, day: string, inputId: string): string {
  return `${REJECTED_RECORDS.prefix}/stage=${stage}/dt=${day}/${inputId}-0.jsonl`;
}

/** Where a Flink job puts what it counted, checkpoint by checkpoint, until a delivery brings it into the ledger. */
export const STREAM_ACCOUNTS = 'stream_accounts';

/** How the names of the files begin that a Flink job puts its rejected records into: with it, its name and a dot. */
export const JOB_FILES = 'flink.';

/** Key of a run's entry in the ledger. */
export function runKey(day: string, runId: string): string {
  return `${PIPELINE_RUNS.prefix}/dt=${day}/${runId}.json`;
}

/** Key of one input's calls of one day, or of a part of the input. */
export function trafficCountsKey(day: string, inputId: string, part = ''): string {
  return `${TRAFFIC_COUNTS.prefix}/report_date=${day}/${inputId}${part}.json`;
}

/** Key of a day's traffic report. */
export function trafficReportKey(day: string): string {
  return `${TRAFFIC_REPORTS.prefix}/report_date=${day}/report.json`;
}

/** Key of a day's traffic report with the metrics of the called services. */
export function enrichedReportKey(day: string): string {
  return `${TRAFFIC_REPORTS_ENRICHED.prefix}/report_date=${day}/report.json`;
}

/** Tables that are made of what lies elsewhere in the lake. */
export const REPORTS: readonly TableDefinition[] = [TRAFFIC_REPORTS, TRAFFIC_REPORTS_ENRICHED];

/** Whether a file is a report, enriched or not: made of what lies elsewhere in the lake. */
export function isReportKey(key: string): boolean {
  return REPORTS.some(({ prefix }) => key.startsWith(`${prefix}/`));
}
