import { join } from 'node:path';
import { type LakeFiles, listKeys, listNames, readTextIfThere } from './lake-files.js';
import { STAGING } from './lake-layout.js';
import { isAlive, type ProcessOwner } from './process-owner.js';
import { readLedger } from './run-ledger.js';
import { finishCommit } from './run-transaction.js';
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
  for (const name of left) {
    const directory = join(root, STAGING, name);
    const owner = await readOwner(directory);
    if (owner && (await isAlive(owner))) continue;
    const run = ledger.runs.find(({ runId }) => runId === owner?.runId);
    if (run && (await isRecorded(directory, run.outputs))) {
      await finishCommit(root, files, directory, run);
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
  for (const key of await listKeys(join(directory, 'files'))) {
    const digest = listed.get(key);
    if (digest === undefined || (await digestFile(join(directory, 'files', key))).sha256 !== digest) return false;
  }
  return true;
}

async function readOwner(directory: string): Promise<(ProcessOwner & { runId: string }) | undefined> {
  const text = await readTextIfThere(join(directory, 'owner.json'));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessOwner & { runId: string };
  } catch {
    return undefined;
  }
}
