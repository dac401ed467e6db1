import type {
  ArtifactLocation,
  ArtifactStore,
  CallOptions,
  PutArtifactRequest,
  StoredArtifact,
} from '@pulselake/aws-clients/artifacts';
import { MissingError } from '@pulselake/aws-clients/artifacts';
import { Faults } from './faults.js';

/** Buckets in memory. */
export class FakeArtifactStore implements ArtifactStore {
  readonly objects = new Map<string, StoredArtifact & { readonly body: Uint8Array }>();
  readonly faults = new Faults<'head' | 'put' | 'list'>();
  readonly calls: string[] = [];
  #puts = 0;

  /** @param buckets that exist */
  constructor(readonly buckets: readonly string[] = ['artifacts']) {}

  async head({ bucket, key }: ArtifactLocation, options?: CallOptions): Promise<StoredArtifact | undefined> {
    await this.#begin('head', key, options);
    return this.objects.get(`${bucket}/${key}`);
  }

  async put({ bucket, key, body, sha256 }: PutArtifactRequest, options?: CallOptions): Promise<boolean> {
    await this.#begin('put', key, options);
    if (!this.buckets.includes(bucket)) throw new MissingError(`There is no bucket "${bucket}".`, 'bucket');
    const name = `${bucket}/${key}`;
    if (this.objects.has(name)) return false;
    this.objects.set(name, { bucket, key, body, sha256, sizeBytes: body.byteLength, modifiedMs: ++this.#puts });
    return true;
  }

  async list(bucket: string, prefix: string, options?: CallOptions): Promise<StoredArtifact[]> {
    await this.#begin('list', prefix, options);
    return [...this.objects.values()]
      .filter((one) => one.bucket === bucket && one.key.startsWith(prefix))
      .sort((one, other) => other.modifiedMs - one.modifiedMs);
  }

  async #begin(method: 'head' | 'put' | 'list', key: string, options?: CallOptions): Promise<void> {
    await Promise.resolve();
    options?.signal?.throwIfAborted();
    this.calls.push(`${method} ${key}`);
    this.faults.meet(method);
  }
}
