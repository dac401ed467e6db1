import { type RunOutput, TRAFFIC_REPORTS } from '@pulselake/data-model';

/** Whether a file is a report that accounts for its calls itself; others are the sum of the counts kept for their day. */
export function isOwnReport({ uri, records }: RunOutput): boolean {
  return records !== undefined && uri.startsWith(`${TRAFFIC_REPORTS.prefix}/`);
}
