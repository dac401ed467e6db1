import { join } from 'node:path';
import { exists, syncParents } from '../lake-files.js';
import type { Lake } from '../lake.js';
import { lastWriters } from '../run-ledger.js';

/**
 * Takes out files that a run has replaced, by the ledger, and that came back: from a copy of the lake, say. Nothing else is
 * safe to sweep: a file that no run lists may be all there is of somebody's data.
 *
 * @returns their keys
 */
export async function sweepRemoved(lake: Lake): Promise<string[]> {
  return lake.locked(async ({ runs }) => {
    const swept: string[] = [];
    for (const [key, { output }] of lastWriters(runs)) {
      if (!output && (await exists(join(lake.root, key)))) swept.push(key);
    }
    for (const key of swept) await lake.files.remove(join(lake.root, key));
    await syncParents(
      lake.files,
      swept.map((key) => join(lake.root, key)),
    );
    return swept.sort();
  });
}
