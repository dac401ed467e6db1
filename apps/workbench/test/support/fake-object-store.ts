import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { FetchedFile, ListedObject, ObjectStore, StoredFile } from '@pulselake/aws-clients/objects';

const digestOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** What the adapter rejects with when an object is gone. */
class MissingError extends Error {
  override readonly name = 'MissingError';
}

/** A bucket in memory, which says what was asked of it. */
export class FakeObjectStore implements ObjectStore {
  readonly uri = 's3://bucket/lake';
  readonly objects = new Map<string, Buffer>();
  /** Calls that change something, in their order. */
  readonly changes: string[] = [];
  fetched = 0;
  /** Told before each call; throws what the call is to reject with. */
  onCall: (call: 'list' | 'digest' | 'fetch' | 'store' | 'remove', key: string) => void = () => undefined;

  list(prefix: string): Promise<ListedObject[]> {
    return this.#answer('list', prefix, () =>
      [...this.objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, content]) => ({ key, sizeBytes: content.length, etag: digestOf(content) }))
        .sort((one, other) => (one.key < other.key ? -1 : 1)),
    );
  }

  digest(key: string): Promise<string | undefined> {
    return this.#answer('digest', key, () => {
      const content = this.objects.get(key);
      return content && digestOf(content);
    });
  }

  async fetch(key: string, path: string): Promise<FetchedFile> {
    this.onCall('fetch', key);
    const content = this.objects.get(key);
    if (!content) throw new MissingError(`There is no ${key}`);
    this.fetched++;
    await writeFile(path, content);
    return { sizeBytes: content.length, sha256: digestOf(content) };
  }

  async store({ key, from, sha256 }: StoredFile): Promise<void> {
    this.onCall('store', key);
    const content = typeof from === 'string' ? await readFile(from) : Buffer.from(from);
    if (digestOf(content) !== sha256) throw new Error(`S3 refuses the request for ${key}: BadDigest`);
    this.objects.set(key, content);
    this.changes.push(`store ${key}`);
  }

  remove(key: string): Promise<void> {
    return this.#answer('remove', key, () => {
      this.objects.delete(key);
      this.changes.push(`remove ${key}`);
    });
  }

  async #answer<T>(call: 'list' | 'digest' | 'remove', key: string, read: () => T): Promise<T> {
    await Promise.resolve();
    this.onCall(call, key);
    return read();
  }
}
