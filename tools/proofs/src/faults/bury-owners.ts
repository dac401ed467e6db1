import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Above every number that Linux gives to a process. */
const NOBODY = 2 ** 22 + 1;

/** Makes what a process holds in a lake look like that of a process that is gone. */
export function buryOwners(root: string, pid: number): void {
  for (const folder of ['_lock', '_staging', '_journal'].map((name) => join(root, name))) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).reverse()) {
      const path = join(folder, name);
      if (statSync(path).isFile()) buryRecord(path, pid);
      else if (new RegExp(`\\.${pid}(-\\d+)?$`).test(name)) {
        renameSync(path, join(dirname(path), basename(path).replace(/[^.]+$/, String(NOBODY))));
      }
    }
  }
}

function buryRecord(path: string, pid: number): void {
  let record: unknown;
  try {
    record = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return;
  }
  if (typeof record !== 'object' || record === null || (record as { pid?: unknown }).pid !== pid) return;
  writeFileSync(path, JSON.stringify({ ...record, pid: NOBODY }));
}
