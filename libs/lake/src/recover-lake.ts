import { join } from 'node:path';
import { type LakeFiles, listNames, readTextIfThere } from './lake-files.js';
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
  const ledger = await readLedger(root);
  const last = lastWriters(ledger.runs);
  for (const name of left) {
    const directory = join(root, STAGING, name);
    const folder = parseStagingName(name);
    if (folder?.owner && (await isAlive(folder.owner))) continue;
    const run = ledger.runs.find(({ runId }) => runId === folder?.runId);
    if (run && (await isRecorded(directory, run.outputs, join(root, ledger.keys.get(run.runId)!)))) {
      // What a later run wrote or took out since is not this run's any more.
      const isLast = (key: string) => last.get(key)?.run === run;
      const outputs = run.outputs.filter(({ uri }) => isLast(uri));
      await finishCommit(root, files, directory, { ...run, outputs, replaced: (run.replaced ?? []).filter(isLast) });
      rolledForward.push(run.runId);
    } else {
      await files.remove(directory);
      swept.push(name);
    }
  }
  return { rolledForward, swept };
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
