import { basename, join } from 'node:path';
import { type LakeFiles, listNames, readTextIfThere } from './lake-files.js';
import { STAGING } from './lake-layout.js';
import { isAlive, type ProcessOwner } from './process-owner.js';
import { lastWriters, readLedger } from './run-ledger.js';
import { finishCommit, stagedKeys, stagedPath } from './run-transaction.js';
import { digestFile } from './digest-file.js';

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
    const owner = await stagingOwner(directory);
    if (owner && (await isAlive(owner))) continue;
    const run = ledger.runs.find(({ runId }) => runId === owner?.runId);
    if (run && (await isRecorded(directory, run.outputs))) {
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
async function isRecorded(directory: string, outputs: readonly { uri: string; sha256: string }[]): Promise<boolean> {
  // The entry leaves the staging folder by the very rename that records it.
  if ((await readTextIfThere(join(directory, 'run.json'))) !== undefined) return false;
  const listed = new Map(outputs.map(({ uri, sha256 }) => [uri, sha256]));
  for (const key of await stagedKeys(directory)) {
    const digest = listed.get(key);
    if (digest === undefined || (await digestFile(stagedPath(directory, key))).sha256 !== digest) return false;
  }
  return true;
}

/** Whose a staging folder is. Until the owner's record is in it, its name tells the process. */
export async function stagingOwner(directory: string): Promise<(ProcessOwner & { runId?: string }) | undefined> {
  const text = await readTextIfThere(join(directory, 'owner.json'));
  try {
    if (text !== undefined) return JSON.parse(text) as ProcessOwner & { runId: string };
  } catch {
    // Torn: the process died, or has not written it whole yet.
  }
  const pid = /\.\d+\.(\d+)$/.exec(basename(directory))?.[1];
  return pid === undefined ? undefined : { pid: Number(pid) };
}
