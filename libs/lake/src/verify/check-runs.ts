import {
  type PipelineRun,
  REJECTED_RECORDS,
  type RejectReason,
  TRAFFIC_COUNTS,
  TRAFFIC_REPORTS,
  WINDOWED_METRICS,
} from '@pulselake/data-model';
import { isReportKey } from '../lake-layout.js';
import type { LiveFile } from '../live-files.js';
import { isOwnReport } from './own-report.js';
import { replacedOutputs, upkeepFaults } from './check-upkeep.js';
import type { Problem } from './problem.js';
import { deliveryFaults } from './check-deliveries.js';
import { type FileContent, latestSamples } from './recount.js';

/** Holds each run's counts against each other, against its outputs, and against what the files hold. */
export async function checkRuns(
  root: string,
  runs: readonly PipelineRun[],
  intact: readonly LiveFile[],
  content: ReadonlyMap<string, FileContent>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const liveKeys = new Map<string, Set<string>>();
  for (const { run, output } of intact) {
    const fault = contentFault(output, content.get(output.uri)!);
    if (fault !== undefined) {
      problems.push({ subject: output.uri, message: `${fault} (run ${run.runId}).` });
      continue;
    }
    const keys = liveKeys.get(run.runId) ?? new Set();
    liveKeys.set(run.runId, keys.add(output.uri));
  }
  const replaced = replacedOutputs(runs);
  for (const run of runs) {
    const say = (message: string) => problems.push({ subject: run.runId, message });
    for (const message of countFaults(run)) say(message);
    for (const message of upkeepFaults(run, replaced.get(run.runId) ?? [])) say(message);
    // Files that later runs replaced are held against those; the rest of the account is what the ledger lists.
    const live = liveKeys.get(run.runId) ?? new Set();
    // A report is the sum over runs, and the next one replaces it.
    if (run.outputs.every(({ uri }) => live.has(uri) || isReportKey(uri))) {
      for (const message of await contentFaults(root, run, content)) say(message);
    }
  }
  for (const fault of await deliveryFaults(root, runs, liveKeys)) problems.push(fault);
  return problems;
}

/** What does not hold between the numbers of one entry. */
export function countFaults(run: PipelineRun): string[] {
  const { counts, rejectedByReason } = run;
  const faults: string[] = [];
  const sum = counts.accepted + counts.duplicate + counts.external + counts.outOfRange + counts.rejected;
  if (counts.read !== sum) {
    faults.push(
      `${counts.read} records were read, but ${sum} are accounted for: ${counts.accepted} accepted, ${counts.duplicate} duplicate, ${counts.external} external, ${counts.outOfRange} out of range, ${counts.rejected} rejected.`,
    );
  }
  const reasons = Object.values(rejectedByReason).reduce((total, rows) => total + rows, 0);
  if (reasons !== counts.rejected)
    faults.push(`${counts.rejected} records were rejected, but the reasons add up to ${reasons}.`);
  const rejectedRows = sumOutputs(run, REJECTED_RECORDS.prefix, 'rows');
  if (rejectedRows !== counts.rejected) {
    faults.push(`${counts.rejected} records were rejected, but ${rejectedRows} rows of rejected records were written.`);
  }
  const accounted = accountedRecords(run);
  if (accounted !== undefined && accounted.written !== accounted.counted) {
    faults.push(`${accounted.counted} records went into the result, but its files account for ${accounted.written}.`);
  }
  const rows = run.outputs.reduce((total, output) => total + output.rows, 0);
  if (rows !== run.rowsWritten) faults.push(`${run.rowsWritten} rows were written, but the outputs list ${rows}.`);
  return faults;
}

/** What the outputs account for, where the ledger alone can tell: corrected windows need the files. */
function accountedRecords(run: PipelineRun): { written: number; counted: number } | undefined {
  const { counts } = run;
  if (run.stage === 'traffic-report') {
    return keepsNoCounts(run)
      ? { written: sumOutputs(run, TRAFFIC_REPORTS.prefix, 'records'), counted: counts.accepted }
      : { written: sumOutputs(run, TRAFFIC_COUNTS.prefix, 'records'), counted: counts.accepted + counts.external };
  }
  // The windows of a Flink job are files of deliveries: deliveryFaults holds the two against each other.
  if (run.job) return undefined;
  if (run.stage === 'delivery')
    return { written: sumOutputs(run, WINDOWED_METRICS.prefix, 'rows'), counted: counts.accepted };
  if (run.stage === 'metrics-etl' || (run.stage === 'stream-windows' && !run.windowsCorrected)) {
    const written = sumOutputs(run, WINDOWED_METRICS.prefix, 'records') + (run.open ?? 0);
    return { written, counted: counts.accepted };
  }
  return undefined;
}

async function contentFaults(
  root: string,
  run: PipelineRun,
  content: ReadonlyMap<string, FileContent>,
): Promise<string[]> {
  const faults: string[] = [];
  const files = run.outputs.map(({ uri }) => content.get(uri)).filter((file) => file !== undefined);
  if (run.stage === 'traffic-report' && !keepsNoCounts(run)) {
    const calls = (kind: 'service' | 'user') => files.reduce((sum, file) => sum + (file.byKind[kind] ?? 0), 0);
    if (calls('service') !== run.counts.accepted) {
      faults.push(`${run.counts.accepted} calls of services were counted, but its files hold ${calls('service')}.`);
    }
    if (calls('user') !== run.counts.external) {
      faults.push(`${run.counts.external} calls of people were counted, but its files hold ${calls('user')}.`);
    }
  }
  if (run.stage === 'stream-windows' && run.windowsCorrected && !run.job) {
    const keys = run.outputs.flatMap(({ uri, records }) =>
      uri.startsWith(`${WINDOWED_METRICS.prefix}/`) && records !== undefined ? [uri] : [],
    );
    const samples = (await latestSamples(root, keys)) + (run.open ?? 0);
    if (samples !== run.counts.accepted) {
      faults.push(
        `${run.counts.accepted} events went into windows, but the last revision of each holds ${samples} in all.`,
      );
    }
  }
  const reasons = new Set([
    ...Object.keys(run.rejectedByReason),
    ...files.flatMap((file) => Object.keys(file.byReason)),
  ]);
  for (const reason of reasons as Set<RejectReason>) {
    const held = files.reduce((sum, file) => sum + (file.byReason[reason] ?? 0), 0);
    const counted = run.rejectedByReason[reason] ?? 0;
    if (held !== counted) faults.push(`${counted} records were rejected as ${reason}, but its files hold ${held}.`);
  }
  return faults;
}

function contentFault(output: LiveFile['output'], content: FileContent): string | undefined {
  if (content.unreadable !== undefined) return `The file cannot be read: ${content.unreadable}`;
  if (content.rows !== output.rows) return `The file holds ${content.rows} rows; the ledger says ${output.rows}`;
  if (isOwnReport(output) && content.reportedCalls !== output.records) {
    return `The file holds ${content.reportedCalls} calls of services; the ledger says ${output.records}`;
  }
  if (content.misplaced) return 'Rows of the file belong to another day';
  return undefined;
}

/** A Spark job reads the logs of a day again instead: its reports account for the calls of services themselves. */
function keepsNoCounts(run: PipelineRun): boolean {
  return run.outputs.some(isOwnReport);
}

function sumOutputs(run: PipelineRun, prefix: string, field: 'rows' | 'records'): number {
  return run.outputs
    .filter(({ uri }) => uri.startsWith(`${prefix}/`))
    .reduce((sum, output) => sum + (output[field] ?? 0), 0);
}
