import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun } from '@pulselake/data-model';
import { decodeRun, STAGING } from '@pulselake/lake';

/** How far a run had come when it was killed. */
export type Phase = 'read' | 'staged' | 'recorded' | 'half in place' | 'after';

export const PHASES: readonly Phase[] = ['read', 'staged', 'recorded', 'half in place', 'after'];

/** What of a lake tells how far its runs are: entries of the ledger, by key, with their text. */
export type LedgerText = ReadonlyMap<string, string>;

/** The entries of the ledger as they are now. */
export function ledgerText(root: string): LedgerText {
  const folder = join(root, 'pipeline_runs');
  if (!existsSync(folder)) return new Map();
  const keys = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    keys
      .map((entry) => [join(entry.parentPath, entry.name), ''])
      .map(([path]) => [path!.slice(root.length + 1), readFileSync(path!, 'utf8')]),
  );
}

/**
 * Tells from the folder what phase a run was killed in: nothing of it there, files staged, recorded with none of its changes
 * done, with some, or with all.
 *
 * @param before the ledger before the run
 */
export function phaseOf(root: string, before: LedgerText): Phase {
  const written = [...ledgerText(root)].filter(([key, text]) => before.get(key) !== text);
  if (written.length === 0) return stagingFolders(root).length > 0 ? 'staged' : 'read';
  const runs = written.map(([key, text]) => decodeRun(text, key));
  const changes = runs.flatMap((run) => changesOf(root, run));
  const done = changes.filter((isDone) => isDone).length;
  if (stagingFolders(root).length === 0 || done === changes.length) return 'after';
  return done === 0 ? 'recorded' : 'half in place';
}

function stagingFolders(root: string): string[] {
  const folder = join(root, STAGING);
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Of each file that a run writes or removes, whether that is done. */
function changesOf(root: string, run: PipelineRun): boolean[] {
  const staged = new Set(
    stagingFolders(root).flatMap((name) => {
      const files = join(root, STAGING, name, 'files');
      return existsSync(files) ? readdirSync(files).map((file) => file.replaceAll('+', '/')) : [];
    }),
  );
  const written = new Set(run.outputs.map(({ uri }) => uri));
  const removed = (run.replaced ?? []).filter((key) => !written.has(key));
  return [...[...written].map((key) => !staged.has(key)), ...removed.map((key) => !existsSync(join(root, key)))];
}
