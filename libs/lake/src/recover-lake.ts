import { dirname, join } from 'node:path';
import { REJECTED_RECORDS, TABLES } from '@pulselake/data-model';
import { exists, type LakeFiles, listNames, readTextIfThere, syncParents } from './lake-files.js';
import { STAGING } from './lake-layout.js';
import { isAlive } from './process-owner.js';
import { lastWriters, readLedger } from './run-ledger.js';
import { finishCommit, stagedKeys, stagedPath } from './run-transaction.js';
import { digestFile } from './digest-file.js';
import { parseStagingName } from './staging-folder.js';

/** What recovery did. */
export interface Recovery {
  /** Runs that were recorded but not yet in place, and are now. */
  readonly rolledForward: readonly string[];
  /** Runs that had not been recorded: their staging is gone. */
  readonly swept: readonly string[];
}

/** Ends what a crash left under `_staging/`. Staging of living processes stays. The caller holds the lock. */
export async function recoverLake(root: string, files: LakeFiles): Promise<Recovery> {
  const rolledForward: string[] = [];
  const swept: string[] = [];
  const left = await listNames(join(root, STAGING));
  if (left.length === 0) return { rolledForward, swept };
  const dead = [];
  for (const name of left) {
    const owner = parseStagingName(name)?.owner;
    if (!owner || !(await isAlive(owner))) dead.push(name);
  }
  if (dead.length === 0) return { rolledForward, swept };
  await syncFolders(root, files);
  const ledger = await readLedger(root);
  const last = lastWriters(ledger.runs);
  for (const name of dead) {
    const directory = join(root, STAGING, name);
    const folder = parseStagingName(name);
    const run = ledger.runs.find(({ runId }) => runId === folder?.runId);
    if (run && (await isRecorded(directory, run.outputs, join(root, ledger.keys.get(run.runId)!)))) {
      // What a later run wrote or took out since is not this run's any more.
      const isLast = (key: string) => last.get(key)?.run === run;
      const outputs = run.outputs.filter(({ uri }) => isLast(uri));
      const replaced = (run.replaced ?? []).filter(isLast);
      await files.syncDirectory(dirname(join(root, ledger.keys.get(run.runId)!)));
      await finishCommit(root, files, directory, { ...run, outputs, replaced });
      // Whoever died may have renamed and removed what is not safe yet.
      await syncParents(files, await thoseThere(root, [...outputs.map(({ uri }) => uri), ...replaced]));
      rolledForward.push(run.runId);
    } else {
      await files.remove(directory);
      swept.push(name);
    }
  }
  return { rolledForward, swept };
}

/** Makes every folder of the tables safe: one that a dead process made is there, and may be gone after a power cut. */
async function syncFolders(root: string, files: LakeFiles): Promise<void> {
  await files.syncDirectory(root);
  const tables = [...new Set(TABLES.map(({ prefix }) => join(root, prefix)))];
  for (const folder of [...tables, ...(await foldersIn(join(root, REJECTED_RECORDS.prefix)))]) {
    if (await exists(folder)) await files.syncDirectory(folder);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await listNames(folder)).map((name) => join(folder, name));
}

/** Keys as paths, of those whose folder is there. */
async function thoseThere(root: string, keys: readonly string[]): Promise<string[]> {
  const paths = [];
  for (const key of keys) if (await exists(dirname(join(root, key)))) paths.push(join(root, key));
  return paths;
}

/** Whether what is staged is what the ledger's entry lists; an earlier commit of the same run lists other files. */
async function isRecorded(
  directory: string,
  outputs: readonly { uri: string; sha256: string }[],
  entryPath: string,
): Promise<boolean> {
  // The entry leaves the staging folder by the very rename that records it; a crash may leave it at both places.
  const stagedEntry = await readTextIfThere(join(directory, 'run.json'));
  if (stagedEntry !== undefined && stagedEntry !== (await readTextIfThere(entryPath))) return false;
  const listed = new Map(outputs.map(({ uri, sha256 }) => [uri, sha256]));
  for (const key of await stagedKeys(directory)) {
    const digest = listed.get(key);
    if (digest === undefined || (await digestFile(stagedPath(directory, key))).sha256 !== digest) return false;
  }
  return true;
}
