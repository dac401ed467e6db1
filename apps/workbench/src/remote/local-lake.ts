import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { StoredFile } from '@pulselake/aws-clients/objects';
import { digestFile, type Lake, lastWriters, LakeError, listKeys, MARKER, STREAM_ACCOUNTS } from '@pulselake/lake';
import type { LocalLake } from './plan-push.js';

/**
 * What a lake holds at one moment, by its ledger: a file that is not listed is not copied.
 *
 * @throws LakeError when an entry of the ledger is damaged
 */
export async function localLake(lake: Lake): Promise<LocalLake> {
  const { runs, damaged, keys } = await lake.ledger();
  if (damaged.length > 0) {
    throw new LakeError(
      `${damaged[0]!} is damaged, and with it the proof. Run pulselake verify, and restore it first.`,
    );
  }
  const files: StoredFile[] = [];
  const removed = new Set<string>();
  for (const [key, { output }] of lastWriters(runs)) {
    if (!output) removed.add(key);
    else files.push({ key, from: join(lake.root, key), sizeBytes: output.bytes, sha256: output.sha256 });
  }
  for (const key of await listKeys(lake.root, STREAM_ACCOUNTS)) {
    const path = join(lake.root, key);
    const { bytes, sha256 } = await digestFile(path);
    files.push({ key, from: path, sizeBytes: bytes, sha256 });
  }
  // A run that goes on rewrites its entry: what is copied is what was read.
  for (const key of [MARKER, ...keys.values()]) files.push(inMemory(key, await readFile(join(lake.root, key))));
  return { files, removed };
}

function inMemory(key: string, content: Buffer): StoredFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { key, from: content, sizeBytes: content.length, sha256 };
}
