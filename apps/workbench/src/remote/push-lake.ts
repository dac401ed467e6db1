import type { ObjectStore, StoredFile } from '@pulselake/aws-clients/objects';
import { type Lake, LakeError } from '@pulselake/lake';
import { atOnce } from './at-once.js';
import { localLake } from './local-lake.js';
import { planPush, type PushPlan, refuseOtherLake } from './plan-push.js';
import { isPartOfCopy, type RemoteFile } from './remote-file.js';

export interface PushOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, key: string) => void;
}

export interface PushOutcome {
  readonly uri: string;
  readonly files: number;
  /** Files sent by this call, and their bytes. */
  readonly sent: number;
  readonly sentBytes: number;
  readonly removed: number;
}

/**
 * Copies a lake into a bucket, its ledger included: data first, then the ledger, then what runs have taken out goes. What is
 * there with the same digest is not sent again, so a copy that was cut off goes on. Ends by looking at each object once more.
 *
 * @throws LakeError when the bucket holds another lake, or when the copy does not hold afterwards
 */
export async function pushLake(lake: Lake, store: ObjectStore, options: PushOptions = {}): Promise<PushOutcome> {
  const local = await localLake(lake);
  const before = await digests(store, local.files, options);
  refuseOtherLake(local, { uri: store.uri, remote: before });
  const plan = planPush(local, before);
  await carryOut(plan, store, options);
  const left = planPush(local, await digests(store, local.files, options));
  const wrong = [...left.data, ...left.ledger][0];
  if (wrong) {
    throw new LakeError(
      `${store.uri}/${wrong.key} is not what was sent: somebody else writes there, or the bucket keeps no SHA-256. Run the same command again.`,
    );
  }
  const sent = [...plan.data, ...plan.ledger];
  return {
    uri: store.uri,
    files: local.files.length,
    sent: sent.length,
    sentBytes: sent.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    removed: plan.remove.length,
  };
}

/** Does what a plan says, in its order: each step is whole before the next begins. */
export async function carryOut(plan: PushPlan, store: ObjectStore, options: PushOptions): Promise<void> {
  const { signal, onProgress } = options;
  const call = { ...(signal && { signal }) };
  const total = plan.data.length + plan.ledger.length;
  let done = 0;
  const send = async (file: StoredFile) => {
    try {
      await store.store(file, call);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new LakeError(`${file.key} was merged or removed meanwhile. Run the same command again.`, { cause: error });
    }
    onProgress?.(++done, total, file.key);
  };
  await atOnce(plan.data, send);
  await atOnce(plan.ledger, send);
  await atOnce(plan.remove, (key) => store.remove(key, call));
}

/** What the bucket holds; the digests of those files only that may be the same. */
async function digests(
  store: ObjectStore,
  files: readonly StoredFile[],
  { signal }: PushOptions,
): Promise<Map<string, RemoteFile>> {
  const call = { ...(signal && { signal }) };
  const sizes = new Map(files.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const found = new Map<string, RemoteFile>();
  const listed = (await store.list('', call)).filter(({ key }) => isPartOfCopy(key));
  await atOnce(listed, async ({ key, sizeBytes }) => {
    const sha256 = sizes.get(key) === sizeBytes ? await store.digest(key, call) : undefined;
    found.set(key, { sizeBytes, ...(sha256 !== undefined && { sha256 }) });
  });
  return found;
}
