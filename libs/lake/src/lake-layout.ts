import {
  PIPELINE_RUNS,
  REJECTED_RECORDS,
  TRAFFIC_COUNTS,
  TRAFFIC_REPORTS,
  WINDOWED_METRICS,
  type PipelineStage,
} from '@pulselake/data-model';

/** Version of the layout of a lake's folder; a lake with a higher one is refused. */
export const LAKE_VERSION = 1;

/** Folders that hold no table's data. */
export const STAGING = '_staging';
export const LOCK = '_lock';
export const JOURNAL = '_journal';
export const LANDING = 'landing';
export const MARKER = 'lake.json';

/** Key of a file of windows. `name` begins with what the file is a function of. */
export function windowsKey(day: string, name: string): string {
  return `${WINDOWED_METRICS.prefix}/dt=${day}/${name}.parquet`;
}

/** Key of one input's rejected records. */
export function rejectedKey(stage: PipelineStage, day: string, inputId: string): string {
  return `${REJECTED_RECORDS.prefix}/stage=${stage}/dt=${day}/${inputId}-0.jsonl`;
}

/** Key of a run's entry in the ledger. */
export function runKey(day: string, runId: string): string {
  return `${PIPELINE_RUNS.prefix}/dt=${day}/${runId}.json`;
}

/** Key of one input's calls of one day. */
export function trafficCountsKey(day: string, inputId: string): string {
  return `${TRAFFIC_COUNTS.prefix}/report_date=${day}/${inputId}.json`;
}

/** Key of a day's traffic report. */
export function trafficReportKey(day: string): string {
  return `${TRAFFIC_REPORTS.prefix}/report_date=${day}/report.json`;
}
