import { basename, join } from 'node:path';
import { readFile, readdir, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import {
  formatInstant,
  type PipelineRun,
  REJECTED_RECORDS,
  REJECT_REASONS,
  type RejectReason,
  type RunOutput,
} from '@pulselake/data-model';
import { digestFile, JOB_FILES, type Lake, LakeError, nextSequence, STREAM_ACCOUNTS } from '@pulselake/lake';
import { z } from 'zod';
import { NO_COUNTS } from '../ingest-outcome.js';

/** A line of a Flink job's account: what one subtask counted between two checkpoints, of the records of one day. */
const AccountEntrySchema = z.object({
  runId: z.string().min(1),
  jobName: z.string().min(1),
  outputStream: z.string().min(1),
  day: z.string(),
  counts: z.record(z.string(), z.int()),
  rejectedByReason: z.partialRecord(z.enum(REJECT_REASONS), z.int().min(0)),
});
type AccountEntry = z.infer<typeof AccountEntrySchema>;

/** The account of a job for the records that arrived on one day. */
interface JobDay {
  readonly runId: string;
  readonly job: { readonly name: string; readonly outputStream: string };
  readonly day: string;
  readonly counts: Map<string, number>;
  readonly rejectedByReason: Partial<Record<RejectReason, number>>;
}

/** What could not be taken up yet: the job's two kinds of files become final one after the other. */
export interface NotYetAdopted {
  readonly runId: string;
  readonly counted: number;
  readonly found: number;
}

/**
 * What Flink jobs write beside their windows, on its way into the ledger: one `stream-windows` run for each job and day,
 * with the sums of its account and its files of rejected records, which stay where they are.
 *
 * A file that is final never changes, so each is read once.
 */
export class JobFiles {
  readonly #days = new Map<string, JobDay>();
  readonly #accounts = new Set<string>();
  readonly #rejected = new Map<string, RunOutput>();

  constructor(private readonly lake: Lake) {}

  /** Takes up what has become final. @returns what has to wait for the job's next checkpoint */
  async adopt(): Promise<NotYetAdopted[]> {
    await this.#readAccounts();
    const days = [...this.#days.values()];
    const open = openByJob(days);
    const waiting: NotYetAdopted[] = [];
    for (const day of days) {
      const outputs = await this.#rejectedOutputs(day);
      const found = outputs.reduce((sum, { rows }) => sum + rows, 0);
      const counted = Object.values(day.rejectedByReason).reduce((sum, rows) => sum + rows, 0);
      if (found !== counted) waiting.push({ runId: day.runId, counted, found });
      else await commitDay(this.lake, day, outputs, open.get(day) ?? 0);
    }
    return waiting;
  }

  async #readAccounts(): Promise<void> {
    for (const path of await finalFiles(join(this.lake.root, STREAM_ACCOUNTS), '')) {
      if (this.#accounts.has(path)) continue;
      const entries = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      for (const entry of entries) addEntry(this.#days, readEntry(entry, path));
      this.#accounts.add(path);
    }
  }

  /** The files of records that a job rejected of one day. */
  async #rejectedOutputs({ job, day }: JobDay): Promise<RunOutput[]> {
    const folder = `${REJECTED_RECORDS.prefix}/stage=stream-windows/dt=${day}`;
    const outputs: RunOutput[] = [];
    for (const path of await finalFiles(join(this.lake.root, folder), `${JOB_FILES}${job.name}.`)) {
      let output = this.#rejected.get(path);
      if (!output) {
        const rows = await lines(path);
        const { size: bytes } = await stat(path);
        const { sha256 } = await digestFile(path);
        output = { uri: `${folder}/${basename(path)}`, rows, records: rows, bytes, sha256 };
        this.#rejected.set(path, output);
      }
      outputs.push(output);
    }
    return outputs;
  }
}

async function commitDay(lake: Lake, day: JobDay, outputs: readonly RunOutput[], open: number): Promise<void> {
  const { runId, job, counts, rejectedByReason } = day;
  const of = (name: string) => counts.get(name) ?? 0;
  const draft = {
    runId,
    stage: 'stream-windows' as const,
    startedAt: `${day.day}T00:00:00.000Z`,
    status: 'running' as const,
    inputs: [],
    counts: {
      ...NO_COUNTS,
      read: of('read'),
      accepted: of('accepted'),
      duplicate: of('duplicate'),
      outOfRange: of('outOfRange'),
      rejected: outputs.reduce((sum, { rows }) => sum + rows, 0),
    },
    rejectedByReason,
    open,
    windowsCorrected: of('windowsCorrected'),
    job,
  };
  await lake.locked(async ({ runs }) => {
    const before = runs.find((run) => run.runId === runId);
    if (before && isSame(before, draft, outputs)) return;
    const sequence = nextSequence(runs);
    const known = new Map(before?.outputs.map((output) => [output.uri, output]));
    const transaction = await lake.begin(runId, sequence);
    try {
      await transaction.commit(
        { ...draft, finishedAt: formatInstant(lake.now()) },
        { sequence, earlier: outputs.map((output) => known.get(output.uri) ?? { ...output, sequence }) },
      );
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  });
}

function isSame(
  before: PipelineRun,
  draft: Pick<PipelineRun, 'counts' | 'open' | 'windowsCorrected'>,
  outputs: readonly RunOutput[],
): boolean {
  const essence = (run: Pick<PipelineRun, 'counts' | 'open' | 'windowsCorrected'>, uris: readonly string[]) =>
    JSON.stringify([run.counts, run.open, run.windowsCorrected, uris]);
  const urisOf = (list: readonly RunOutput[]) => list.map(({ uri }) => uri).sort();
  return essence(before, urisOf(before.outputs)) === essence(draft, urisOf(outputs));
}

/** A job's open events are no day's: its last day has them. */
function openByJob(days: readonly JobDay[]): Map<JobDay, number> {
  const total = new Map<string, number>();
  const last = new Map<string, JobDay>();
  for (const day of days) {
    total.set(day.job.name, (total.get(day.job.name) ?? 0) + (day.counts.get('open') ?? 0));
    const before = last.get(day.job.name);
    if (!before || before.day < day.day) last.set(day.job.name, day);
  }
  return new Map([...last].map(([name, day]) => [day, total.get(name)!]));
}

function readEntry(line: string, path: string): AccountEntry {
  try {
    return AccountEntrySchema.parse(JSON.parse(line));
  } catch {
    throw new LakeError(
      `${path} is no account of a Flink job. Restore it, or move it out of the lake: what it counts is then not proved.`,
    );
  }
}

function addEntry(days: Map<string, JobDay>, entry: AccountEntry): void {
  const { runId, jobName, outputStream, day } = entry;
  let known = days.get(runId);
  if (!known) {
    known = { runId, job: { name: jobName, outputStream }, day, counts: new Map(), rejectedByReason: {} };
    days.set(runId, known);
  }
  for (const [name, amount] of Object.entries(entry.counts))
    known.counts.set(name, (known.counts.get(name) ?? 0) + amount);
  for (const [reason, amount] of Object.entries(entry.rejectedByReason) as [RejectReason, number][]) {
    known.rejectedByReason[reason] = (known.rejectedByReason[reason] ?? 0) + amount;
  }
}

/** Files of a Flink sink that are final: those it has not ended have names that begin with a dot. */
async function finalFiles(folder: string, prefix: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true, recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.startsWith(prefix) && entry.name.endsWith('.jsonl'))
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function lines(path: string): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk as Buffer) if (byte === 0x0a) count++;
  return count;
}
