import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText, PIPELINE_RUNS, type PipelineRun, PipelineRunSchema, type RunOutput } from '@pulselake/data-model';
import { LakeError } from './errors.js';
import { listKeys } from './lake-files.js';

const DIGEST = /^(.*),"digest":"([0-9a-f]{64})"\}\n$/s;

/** A run as its ledger file: one line of JSON that ends with the digest of what stands before it. */
export function encodeRun(run: PipelineRun): string {
  const body = JSON.stringify(run).slice(0, -1);
  return `${body},"digest":"${sha256(body)}"}\n`;
}

/**
 * Reads a ledger file.
 *
 * @throws LakeError when the file is damaged
 */
export function decodeRun(text: string, key: string): PipelineRun {
  const match = DIGEST.exec(text);
  if (!match || sha256(match[1]!) !== match[2]) {
    throw new LakeError(
      `${key}: the ledger entry is damaged: its digest does not match. Restore the file from a copy.`,
    );
  }
  return PipelineRunSchema.parse(JSON.parse(`${match[1]!}}`));
}

/** Every run of the ledger in the order of their start, and the keys of entries that cannot be read. */
export interface Ledger {
  readonly runs: readonly PipelineRun[];
  readonly damaged: readonly string[];
  /** Key of each run's entry. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * Reads the whole ledger of a lake. An entry that cannot be read is named as damaged; it is no error.
 *
 * @param known finished runs read before, by key: their entries never change, so they are not read again
 */
export async function readLedger(root: string, known = new Map<string, PipelineRun>()): Promise<Ledger> {
  const runs: PipelineRun[] = [];
  const damaged: string[] = [];
  const keys = new Map<string, string>();
  for (const key of await listKeys(root, PIPELINE_RUNS.prefix)) {
    try {
      const run = known.get(key) ?? decodeRun(await readFile(join(root, key), 'utf8'), key);
      if (run.status !== 'running') known.set(key, run);
      runs.push(run);
      keys.set(run.runId, key);
    } catch {
      damaged.push(key);
    }
  }
  runs.sort((a, b) => compareText(a.startedAt, b.startedAt) || compareText(a.runId, b.runId));
  return { runs, damaged, keys };
}

/** What a run did to a key: wrote it as `output`, or removed it. */
export interface KeyChange {
  readonly run: PipelineRun;
  readonly output?: RunOutput;
}

/** The last run that wrote or removed each key: what a file is held against. */
export function lastWriters(runs: readonly PipelineRun[]): Map<string, KeyChange> {
  const last = new Map<string, KeyChange>();
  const changes = runs.flatMap((run) => [
    ...(run.replaced ?? []).map((key) => ({ key, sequence: run.sequence ?? 0, change: { run } })),
    ...run.outputs.map((output) => ({
      key: output.uri,
      sequence: output.sequence ?? run.sequence ?? 0,
      change: { run, output },
    })),
  ]);
  // Stable: of one commit, what it wrote counts after what it took out.
  changes.sort((a, b) => a.sequence - b.sequence);
  for (const { key, change } of changes) last.set(key, change);
  return last;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
