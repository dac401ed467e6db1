import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { formatInstant, type PipelineRun, type RejectReason, type RunCounts } from '@pulselake/data-model';
import {
  inputOfKey,
  isRedriven,
  KnownInputs,
  type Lake,
  liveFiles,
  nextSequence,
  prunedBefore,
  type RunDraft,
  type RunTransaction,
  stageTrafficReport,
} from '@pulselake/lake';
import { serviceOfLogFile } from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import { fail } from './failed-run.js';
import { identifyVersion, type InputVersion, wasOvertaken } from './input-version.js';
import { type IngestOptions, type IngestOutcome, NO_COUNTS } from './ingest-outcome.js';
import { readLog } from './read-log.js';

export interface IngestLogsOptions extends IngestOptions {
  /** The days to report, `YYYY-MM-DD`; every day found when absent. */
  readonly days?: readonly string[];
  /** Adds people's calls to the reports with source `users`. Default false. */
  readonly includeUsers?: boolean;
}

interface LogOfRun {
  readonly path: string;
  readonly version: InputVersion;
  readonly counts: RunCounts;
}

/**
 * Ingests access logs in one run: each input's counts are kept under its digest, and each day's report is their sum.
 * A file that cannot be read is a failed run of its own and does not stop the others.
 */
export async function ingestLogs(
  lake: Lake,
  inputs: readonly InputPath[],
  options: IngestLogsOptions,
): Promise<IngestOutcome[]> {
  const outcomes: IngestOutcome[] = [];
  const settle = (outcome: IngestOutcome) => {
    options.onOutcome?.(outcome);
    outcomes.push(outcome);
  };
  const runId = lake.newRunId('traffic-report');
  const base: RunDraft = {
    runId,
    stage: 'traffic-report',
    startedAt: formatInstant(lake.now()),
    status: 'succeeded',
    inputs: [],
    counts: NO_COUNTS,
    rejectedByReason: {},
    ...(options.days && { days: [...options.days] }),
  };
  const { runs: runsBefore } = await lake.ledger();
  const known = new KnownInputs(runsBefore, 'traffic-report');
  // Days that were pruned stay so, unless one is asked for by its name.
  const firstDay = options.days ? undefined : prunedBefore(runsBefore);
  const transaction = await lake.begin(runId);
  const readings: LogOfRun[] = [];
  const taken = new Set<string>();
  const reasons: Partial<Record<RejectReason, number>> = {};
  try {
    for (const [done, { path }] of inputs.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ done, total: inputs.length, path });
      try {
        const version = await identifyLog(path, known, options);
        const { inputId } = version.identified.input;
        if (taken.has(inputId) || (!options.force && covers(known, inputId, options.days))) {
          settle({
            path,
            status: 'unchanged',
            message: 'The lake holds this content already; nothing to do (--force reads it again).',
          });
        } else {
          const days = options.days && [...options.days, ...daysOfOlder(version, known)];
          const range = { ...(days && { days }), ...(firstDay !== undefined && { firstDay }) };
          const counts = await readLog(version, transaction, reasons, range, options);
          readings.push({ path, version, counts });
          taken.add(inputId);
        }
      } catch (error) {
        settle(await fail(lake, path, { ...base, runId: lake.newRunId('traffic-report') }, error));
      }
    }
    if (readings.length === 0) {
      await transaction.abort();
      return outcomes;
    }
    const run = await lake.locked(async ({ runs }) => {
      const read = readings.map(({ version }) => version.identified.input);
      if (wasOvertaken('traffic-report', read, runsBefore, runs)) return undefined;
      const remove = removedKeys(readings, runs, transaction, options);
      const days = new Set([...transaction.keys, ...remove].map(dayOfCounts).filter((day) => day !== undefined));
      for (const day of options.days ?? []) days.add(day);
      for (const day of [...days].sort()) {
        await stageTrafficReport(lake.root, transaction, day, {
          removed: new Set(remove),
          ...(options.includeUsers !== undefined && { includeUsers: options.includeUsers }),
        });
      }
      const supersedes = readings.flatMap(({ version }) => version.supersedes);
      return transaction.commit(
        {
          ...base,
          inputs: read,
          counts: sumCounts(readings),
          rejectedByReason: reasons,
          finishedAt: formatInstant(lake.now()),
          ...(supersedes.length > 0 && { supersedes }),
        },
        { sequence: nextSequence(runs), remove },
      );
    });
    if (!run) {
      await transaction.abort();
      const paths = new Set(readings.map(({ path }) => path));
      const again = inputs.filter(({ path }) => paths.has(path));
      return [...outcomes, ...(await ingestLogs(lake, again, options))];
    }
    for (const { path, counts } of readings) {
      settle({ path, status: 'ingested', run, ...(counts.read === 0 && { message: 'It holds no record.' }) });
    }
    return outcomes;
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

/** The same bytes of two services are two inputs: the target that the name gives is part of the identity. */
function identifyLog(
  path: string,
  known: KnownInputs,
  options: Parameters<typeof identifyVersion>[3],
): Promise<InputVersion> {
  const service = serviceOfLogFile(basename(path));
  return identifyVersion(path, path, known, options, (digest) =>
    service === undefined ? digest : createHash('sha256').update(`${digest}\0${service}`).digest('hex'),
  );
}

/** The days that the version before was read for: they must not get lost when only some days are asked for now. */
function daysOfOlder(version: InputVersion, known: KnownInputs): string[] {
  const older = [...version.takesOut].flatMap((inputId) => known.readingsOf(inputId));
  return older.flatMap(({ input, run }) => run.days ?? daysOfCounts(run, input.inputId));
}

function daysOfCounts(run: PipelineRun, inputId: string): string[] {
  return run.outputs.flatMap(({ uri }) => (inputOfKey(uri)?.inputId === inputId ? (dayOfCounts(uri) ?? []) : []));
}

/** Whether an earlier run took every day of the input that is asked for now. */
function covers(known: KnownInputs, inputId: string, days: readonly string[] | undefined): boolean {
  const runs = known.readingsOf(inputId).map(({ run }) => run);
  if (runs.some((run) => run.days === undefined)) return true;
  const taken = new Set(runs.flatMap((run) => run.days ?? []));
  return days?.every((day) => taken.has(day)) ?? false;
}

/** What this run takes out: all of the versions before, and of the same content what a second reading no longer gives. */
function removedKeys(
  readings: readonly LogOfRun[],
  runs: readonly PipelineRun[],
  transaction: RunTransaction,
  options: IngestLogsOptions,
): string[] {
  const staged = new Set(transaction.keys);
  const again = new Set(readings.map(({ version }) => version.identified.input.inputId));
  const before = new Set(readings.flatMap(({ version }) => [...version.takesOut]).filter((id) => !again.has(id)));
  // A reading of some days leaves the counts of the others; rejects, and what was redriven of them, are those of the file.
  const isReadAgain = (key: string) => {
    const day = dayOfCounts(key);
    return day === undefined || !options.days || options.days.includes(day) || isRedriven(key);
  };
  return [...liveFiles(runs).keys()].filter((key) => {
    const of = inputOfKey(key);
    if (of?.stage !== 'traffic-report' || staged.has(key)) return false;
    return before.has(of.inputId) || (again.has(of.inputId) && isReadAgain(key));
  });
}

const COUNTS_KEY = /^traffic_counts\/report_date=(\d{4}-\d\d-\d\d)\//;

function dayOfCounts(key: string): string | undefined {
  return COUNTS_KEY.exec(key)?.[1];
}

function sumCounts(readings: readonly LogOfRun[]): RunCounts {
  const sum = { ...NO_COUNTS };
  for (const { counts } of readings) {
    for (const name of Object.keys(sum) as (keyof RunCounts)[]) sum[name] += counts[name];
  }
  return sum;
}
