import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, pid } from 'node:process';

let known: number | undefined;

/** The id of a process that has ended. */
export function deadPid(): number {
  known ??= spawnSync(execPath, ['-e', '']).pid;
  return known;
}

/** Makes everything this process holds in a lake look like a dead process's: what a kill would have left. */
export function pretendKilled(root: string): void {
  const staging = join(root, '_staging');
  for (const name of namesIn(staging)) {
    const [run, owner] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
    if (owner.split('-')[0] === String(pid)) renameSync(join(staging, name), join(staging, `${run}.${deadPid()}`));
  }
  for (const [folder, name] of [
    ['_lock', undefined],
    ['_journal', 'owner.json'],
  ] as const) {
    for (const entry of namesIn(join(root, folder))) {
      const path = name === undefined ? join(root, folder, entry) : join(root, folder, entry, name);
      rewritePid(path);
    }
  }
}

function rewritePid(path: string): void {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return;
  }
  delete record['startedAt'];
  writeFileSync(path, JSON.stringify({ ...record, pid: deadPid() }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
