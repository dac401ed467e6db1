import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun } from '@pulselake/data-model';
import { decodeRun, STAGING } from '@pulselake/lake';

/** How far a run had come when it was killed. */
export type Phase = 'read' | 'staged' | 'recorded' | 'half in place' | 'after';

/** In the order in which a run goes through them. */
export const PHASES: readonly Phase[] = ['read', 'staged', 'recorded', 'half in place', 'after'];

/** Entries of the ledger, by key, with their text. */
export type LedgerText = ReadonlyMap<string, string>;

/** The entries of the ledger as they are now. */
export function ledgerText(root: string): LedgerText {
  const folder = join(root, 'pipeline_runs');
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]));
}

/**
 * Tells from the folder what phase a run was killed in: nothing of it there, files being staged, recorded with none of its
 * changes done, with some, or with all.
 *
 * @param before the ledger before the run
 */
export function phaseOf(root: string, before: LedgerText): Phase {
  const entries = [...ledgerText(root)].filter(([key, text]) => before.get(key) !== text);
  const runs = entries.map(([key, text]) => decodeRun(text, key));
  const phases = stagingFolders(root).map((name) => {
    const run = runs.find(({ runId }) => name.startsWith(`${runId}.`));
    return phaseOfStaging(root, name, run);
  });
  // Of a command that commits more than once, what its last commit has left.
  return phases[0] ?? (entries.length === 0 ? 'read' : 'after');
}

function phaseOfStaging(root: string, name: string, run: PipelineRun | undefined): Phase {
  const staged = stagedKeys(root, name);
  // A stream's entry lists the files of its earlier commits too.
  const outputs = (run?.outputs ?? []).filter(({ sequence }) => (sequence ?? run?.sequence) === run?.sequence);
  const written = new Set(outputs.map(({ uri }) => uri));
  // The entry is staged too, until the rename that records it.
  const isRecorded = !existsSync(join(root, STAGING, name, 'run.json')) && staged.every((key) => written.has(key));
  if (!run || !isRecorded) return 'staged';
  const removed = (run.replaced ?? []).filter((key) => !written.has(key));
  const waiting = staged.length + removed.filter((key) => existsSync(join(root, key))).length;
  if (waiting === 0) return 'after';
  return waiting === written.size + removed.length ? 'recorded' : 'half in place';
}

function stagingFolders(root: string): string[] {
  const folder = join(root, STAGING);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function stagedKeys(root: string, name: string): string[] {
  const files = join(root, STAGING, name, 'files');
  return existsSync(files) ? readdirSync(files).map((file) => file.replaceAll('+', '/')) : [];
}
