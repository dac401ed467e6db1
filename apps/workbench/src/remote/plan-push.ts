import type { StoredFile } from '@pulselake/aws-clients/objects';
import { PIPELINE_RUNS } from '@pulselake/data-model';
import { LakeError } from '@pulselake/lake';
import type { RemoteFile } from './remote-file.js';

/** What a lake in a folder holds. */
export interface LocalLake {
  readonly files: readonly StoredFile[];
  /** Keys that runs have taken out. */
  readonly removed: ReadonlySet<string>;
}

/** What has to be done so that a bucket holds a lake, in this order: readers find what the ledger lists at any time. */
export interface PushPlan {
  readonly data: readonly StoredFile[];
  readonly ledger: readonly StoredFile[];
  /** Keys that are there and that runs have taken out. */
  readonly remove: readonly string[];
  /** Files that are there already. */
  readonly same: number;
}

/** What is missing in a bucket, other there, or to be taken out. Pure. */
export function planPush({ files, removed }: LocalLake, remote: ReadonlyMap<string, RemoteFile>): PushPlan {
  const missing = files.filter(({ key, sizeBytes, sha256 }) => {
    const there = remote.get(key);
    return there?.sizeBytes !== sizeBytes || there.sha256 !== sha256;
  });
  const kept = new Set(files.map(({ key }) => key));
  return {
    data: missing.filter(({ key }) => !isLedgerKey(key)),
    ledger: missing.filter(({ key }) => isLedgerKey(key)),
    remove: [...remote.keys()].filter((key) => removed.has(key) && !kept.has(key)).sort(),
    same: files.length - missing.length,
  };
}

/**
 * Refuses to mix two lakes.
 *
 * @throws LakeError when the bucket's ledger has runs that the folder's has not
 */
export function refuseOtherLake(
  { files }: LocalLake,
  { uri, remote }: { readonly uri: string; readonly remote: ReadonlyMap<string, RemoteFile> },
): void {
  const own = new Set(files.map(({ key }) => key));
  const foreign = [...remote.keys()].filter((key) => isLedgerKey(key) && !own.has(key));
  if (foreign.length === 0) return;
  throw new LakeError(
    `${uri} holds a lake of its own: ${foreign.length} of its runs are not in this one, for example ${foreign[0]!}. Name another prefix.`,
  );
}

function isLedgerKey(key: string): boolean {
  return key.startsWith(`${PIPELINE_RUNS.prefix}/`);
}
