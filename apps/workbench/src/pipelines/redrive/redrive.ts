import {
  formatInstant,
  type MetricSource,
  type PipelineRun,
  type PipelineStage,
  type RejectedRecord,
  type RejectReason,
  type WindowSettings,
} from '@pulselake/data-model';
import {
  inputOfKey,
  inputWindowsName,
  type Lake,
  liveFiles,
  nextSequence,
  readRejected,
  redriveDigest,
  redrivenPart,
  redrivePartId,
  type RejectedFile,
  rejectedFiles,
  reportHasUsers,
  type RunTransaction,
  stageTrafficCounts,
  stageTrafficReport,
  takeOut,
  WindowsWriter,
} from '@pulselake/lake';
import { NO_COUNTS } from '../ingest-outcome.js';
import {
  accessLogReader,
  eventReader,
  type RecordReader,
  type RedrivenResult,
  windowedJsonReader,
} from './record-readers.js';

export interface RedriveOptions {
  /** Only records rejected for these reasons; all when absent. */
  readonly reasons?: readonly RejectReason[];
  /** Only records that this stage rejected; all when absent. */
  readonly stage?: PipelineStage;
  /** Only records of inputs modified, or of streams arrived, on this UTC day or later: `YYYY-MM-DD`. */
  readonly from?: string;
  /** … or on this day or earlier. */
  readonly to?: string;
  readonly settings: WindowSettings;
  /** The clock that `future` is judged by, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly signal?: AbortSignal;
  /** Told before each file of rejected records. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly path: string }) => void;
}

/** Rejected records that cannot be read from what was kept of them: their input must be read again. */
export interface NeedsInput {
  /** Key of the file of rejected records. */
  readonly key: string;
  /** Address of the input; empty for a stream. */
  readonly file: string;
  readonly stage: PipelineStage;
  readonly inputId: string;
  readonly records: number;
}

export interface RedriveOutcome {
  /** Absent when nothing new could be used. */
  readonly run?: PipelineRun;
  /** Records that still cannot be used, by reason. */
  readonly stillRejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Records that were redriven before. */
  readonly already: number;
  readonly needInput: readonly NeedsInput[];
}

/** The records of one file that were rejected for one reason, read again. */
interface Group {
  readonly file: RejectedFile;
  readonly digest: string;
  readonly taken: number;
  readonly result: RedrivenResult;
}

/**
 * Gives rejected records a second try, without their input: late events come home as one more part of their windows.
 *
 * What is redriven of a file for a reason is one part, named by the two, so that doing it again replaces it; a record is
 * never counted twice. Rejected records stay where they are: they are the account of the run that rejected them.
 */
export async function redrive(lake: Lake, options: RedriveOptions): Promise<RedriveOutcome> {
  for (;;) {
    options.signal?.throwIfAborted();
    const outcome = await redriveOnce(lake, options);
    if (outcome) return outcome;
  }
}

/** @returns nothing when another command changed what was read meanwhile */
async function redriveOnce(lake: Lake, options: RedriveOptions): Promise<RedriveOutcome | undefined> {
  const startedAt = formatInstant(lake.now());
  const { runs } = await lake.ledger();
  const { groups, ...left } = await readGroups(lake, runs, options);
  if (groups.length === 0) return left;
  const runId = lake.newRunId('redrive');
  const transaction = await lake.begin(runId);
  try {
    for (const group of groups) await stageGroup(lake, transaction, group);
    const run = await lake.locked(async (ledger) => {
      const now = new Map(rejectedFiles(ledger.runs).map((file) => [file.output.uri, file.sequence]));
      const changed = groups.some(({ file }) => now.get(file.output.uri) !== file.sequence);
      if (changed || hasNewRedrive(runs, ledger.runs)) return undefined;
      const taken = await takeOutEarlier(lake, transaction, ledger.runs, groups);
      const days = [...transaction.keys, ...taken.remove].flatMap((key) => reportDay(key) ?? []);
      for (const day of [...new Set(days)].sort()) {
        const includeUsers = await reportHasUsers(lake.root, day);
        await stageTrafficReport(lake.root, transaction, day, { removed: new Set(taken.remove), includeUsers });
      }
      const sum = (name: 'accepted' | 'duplicate' | 'external' | 'outOfRange') =>
        groups.reduce((total, { result }) => total + result.counts[name], 0);
      return transaction.commit(
        {
          runId,
          stage: 'redrive',
          startedAt,
          finishedAt: formatInstant(lake.now()),
          status: 'succeeded',
          inputs: groups.map(({ file, digest, taken: records }) => ({
            uri: file.output.uri,
            inputId: redrivePartId(digest),
            bytes: file.output.bytes,
            sha256: file.output.sha256,
            modifiedAt: file.modifiedAt,
            records,
          })),
          counts: {
            ...NO_COUNTS,
            read: groups.reduce((total, group) => total + group.taken, 0),
            accepted: sum('accepted'),
            duplicate: sum('duplicate'),
            external: sum('external'),
            outOfRange: sum('outOfRange'),
          },
          rejectedByReason: {},
          ...(taken.rewritten && { rewritten: taken.rewritten }),
        },
        { sequence: nextSequence(ledger.runs), remove: taken.remove },
      );
    });
    if (run) return { run, ...left };
    await transaction.abort();
    return undefined;
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

/** Reads the chosen records, and of files redriven before all, in their order: their ids were counted first. */
async function readGroups(
  lake: Lake,
  runs: readonly PipelineRun[],
  options: RedriveOptions,
): Promise<{ groups: Group[] } & Omit<RedriveOutcome, 'run'>> {
  const redriven = redrivenGroups(runs);
  const all = rejectedFiles(runs);
  const orders = new Map([...redriven.values()].reverse().map(({ key, sequence }) => [key, sequence]));
  const files = all
    .map((file) => ({
      file,
      order: orders.get(file.output.uri) ?? Infinity,
      chosen: isChosen(file, options),
    }))
    .filter(({ order, chosen }) => chosen || order < Infinity)
    .sort((a, b) => a.order - b.order);
  const groups: Group[] = [];
  const stillRejected: Partial<Record<RejectReason, number>> = {};
  const needInput = new Map<string, NeedsInput>();
  const countedIds = new Map<PipelineStage, Set<string>>();
  let already = 0;
  for (const [done, { file, chosen }] of files.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ done, total: files.length, path: file.output.uri });
    const readers = new Map<RejectReason, Reading>();
    for await (const record of readRejected(lake.root, file.output.uri)) {
      const { reason } = record;
      const before = redriven.get(redriveDigest(file.output.uri, reason));
      const isSelected = chosen && (!options.reasons || options.reasons.includes(reason));
      if (!isSelected && !before) continue;
      let reading = readers.get(reason);
      if (!reading) {
        const ids = countedIds.get(file.stage) ?? new Set<string>();
        countedIds.set(file.stage, ids);
        const reader = readerOf(file, record, runs, options, ids);
        if (reader) readers.set(reason, (reading = { reader, isSelected, taken: 0, left: 0 }));
      }
      const line = reading && bytesOf(record);
      if (!reading || !line) {
        const key = file.output.uri;
        const { stage, inputId } = file;
        const records = (needInput.get(key)?.records ?? 0) + 1;
        needInput.set(key, { key, file: record.file ?? '', stage, inputId, records });
      } else if (reading.reader.take(line)) reading.taken++;
      else reading.left++;
    }
    for (const [reason, { reader, isSelected, taken, left }] of readers) {
      const digest = redriveDigest(file.output.uri, reason);
      const before = redriven.get(digest);
      // An earlier clock would take fewer than before: what came home stays.
      const isDone = before !== undefined && before.sequence > file.sequence && before.records >= taken;
      const result = reader.finish();
      const still = isDone ? taken + left - before.records : left;
      if (isSelected && still > 0) stillRejected[reason] = (stillRejected[reason] ?? 0) + still;
      if (isSelected && isDone) already += before.records;
      if (isSelected && !isDone && taken > 0) groups.push({ file, digest, taken, result });
    }
  }
  return { groups, stillRejected, already, needInput: [...needInput.values()] };
}

interface Reading {
  readonly reader: RecordReader;
  /** False when it is read only for its ids. */
  readonly isSelected: boolean;
  taken: number;
  left: number;
}

interface RedrivenGroup {
  readonly key: string;
  readonly records: number;
  readonly sequence: number;
}

/** What was redriven before, by digest of file and reason. */
function redrivenGroups(runs: readonly PipelineRun[]): Map<string, RedrivenGroup> {
  const groups = new Map<string, RedrivenGroup>();
  for (const run of [...runs].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))) {
    if (run.stage !== 'redrive') continue;
    for (const { uri, inputId, records } of run.inputs) {
      groups.set(inputId.slice(redrivePartId('').length), { key: uri, records: records ?? 0, sequence: run.sequence! });
    }
  }
  return groups;
}

function hasNewRedrive(before: readonly PipelineRun[], now: readonly PipelineRun[]): boolean {
  const count = (runs: readonly PipelineRun[]) => runs.filter(({ stage }) => stage === 'redrive').length;
  return count(before) !== count(now);
}

function isChosen(file: RejectedFile, { stage, from, to }: RedriveOptions): boolean {
  return (
    (stage === undefined || file.stage === stage) &&
    (from === undefined || file.day >= from) &&
    (to === undefined || file.day <= to)
  );
}

/** How a record of this file and reason is read; nothing when only its input can tell. */
function readerOf(
  file: RejectedFile,
  { reason, file: address = '' }: Omit<RejectedRecord, 'stage'>,
  runs: readonly PipelineRun[],
  { settings, nowMs }: RedriveOptions,
  countedIds: Set<string>,
): RecordReader | undefined {
  if (file.stage === 'stream-windows') return eventReader(settings, nowMs, countedIds);
  if (file.stage === 'traffic-report') return accessLogReader(address, daysRead(file, runs));
  if (file.stage !== 'metrics-etl') return undefined;
  // Kept as JSON, whatever the format of the input.
  if (reason === 'future' || reason === 'late') return eventReader(settings, nowMs, countedIds);
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(address) ? windowedJsonReader() : undefined;
}

/** The days that a log was read for, over all readings; every day when one reading was for every day. */
function daysRead(file: RejectedFile, runs: readonly PipelineRun[]): string[] | undefined {
  const readings = runs.filter(
    (run) => run.stage === 'traffic-report' && run.inputs.some(({ inputId }) => inputId === file.inputId),
  );
  return readings.some(({ days }) => days === undefined) ? undefined : readings.flatMap(({ days }) => days ?? []);
}

function bytesOf({ raw, rawBase64, truncated }: Omit<RejectedRecord, 'stage'>): Buffer | undefined {
  if (truncated) return undefined;
  if (raw !== undefined) return Buffer.from(raw);
  return rawBase64 === undefined ? undefined : Buffer.from(rawBase64, 'base64');
}

async function stageGroup(lake: Lake, transaction: RunTransaction, group: Group): Promise<void> {
  const { file, digest, result } = group;
  if (result.calls) {
    await stageTrafficCounts(transaction, file.inputId, result.calls, redrivenPart(digest));
    return;
  }
  const { series, rows, account } = result.windows!;
  if (rows.length === 0) return;
  const source: MetricSource = file.stage === 'metrics-etl' ? 'batch' : 'stream';
  const writer = await WindowsWriter.open({
    transaction,
    series,
    source,
    name: inputWindowsName(source, file.inputId, redrivenPart(digest)),
  });
  try {
    writer.begin({ partId: redrivePartId(digest), inputId: file.inputId, emittedAtMs: lake.now(), account });
    await writer.addAll(rows);
    await writer.flush();
  } finally {
    writer.release();
  }
}

/** Takes out what an earlier redrive made of the same groups, where this one does not write the same file again. */
async function takeOutEarlier(
  lake: Lake,
  transaction: RunTransaction,
  runs: readonly PipelineRun[],
  groups: readonly Group[],
) {
  const redriven = redrivenGroups(runs);
  const again = groups.filter(({ digest }) => redriven.has(digest));
  const remove: string[] = [];
  const rewritten = { read: 0, kept: 0, takenOut: 0 };
  for (const stage of ['metrics-etl', 'stream-windows'] as const) {
    const ofStage = again.filter(({ file }) => file.stage === stage);
    const inputIds = new Set(ofStage.map(({ file }) => file.inputId));
    const partIds = new Set(ofStage.map(({ digest }) => redrivePartId(digest)));
    const taken = await takeOut(lake.root, transaction, runs, { stage, inputIds, partIds });
    remove.push(...taken.remove);
    for (const name of ['read', 'kept', 'takenOut'] as const) rewritten[name] += taken.rewritten?.[name] ?? 0;
  }
  const parts = again.map(({ digest }) => redrivenPart(digest));
  for (const key of liveFiles(runs).keys()) {
    if (inputOfKey(key)?.stage === 'traffic-report' && parts.some((part) => key.includes(part))) remove.push(key);
  }
  return { remove, ...(rewritten.read > 0 && { rewritten }) };
}

const REPORT_DAY = /^traffic_counts\/report_date=(\d{4}-\d\d-\d\d)\//;

function reportDay(key: string): string | undefined {
  return REPORT_DAY.exec(key)?.[1];
}
