import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ListedObject, ObjectStore } from '@pulselake/aws-clients/objects';
import { LakeError, listKeys } from '@pulselake/lake';
import { atOnce } from './at-once.js';
import { isPartOfCopy, isSafeKey, type RemoteFile } from './remote-file.js';

export interface MirrorOptions {
  /** Only what lies below these; all when absent. */
  readonly prefixes?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A folder that has the same files as a lake in a bucket, brought up to date as often as it is asked to. */
export class LakeMirror {
  readonly #known = new Map<string, ListedObject & { readonly sha256: string }>();

  constructor(
    private readonly store: ObjectStore,
    /** The folder. */
    readonly root: string,
  ) {}

  /** What the bucket held when it was looked at last. */
  get remote(): ReadonlyMap<string, RemoteFile> {
    return this.#known;
  }

  /**
   * Fetches what is new or was changed since the last time, and removes what is gone.
   *
   * @returns whether anything was changed
   * @throws LakeError when a key cannot be a file's
   */
  async update({ prefixes = [''], signal, onProgress }: MirrorOptions = {}): Promise<boolean> {
    const call = { ...(signal && { signal }) };
    const lists = await Promise.all(prefixes.map((prefix) => this.store.list(prefix, call)));
    const listed = lists.flat().filter(({ key }) => isPartOfCopy(key));
    const strange = listed.find(({ key }) => !isSafeKey(key));
    if (strange) {
      throw new LakeError(
        `${this.store.uri} holds ${JSON.stringify(strange.key)}, which cannot be a file of a lake. Move it elsewhere.`,
      );
    }
    const wanted = listed.filter((object) => {
      const known = this.#known.get(object.key);
      return known?.etag !== object.etag || known.sizeBytes !== object.sizeBytes;
    });
    let done = 0;
    await atOnce(wanted, async (object) => {
      await this.#fetch(object, call);
      onProgress?.(++done, wanted.length);
    });
    return (await this.#drop(new Set(listed.map(({ key }) => key)))) || wanted.length > 0;
  }

  async #fetch(object: ListedObject, call: { readonly signal?: AbortSignal }): Promise<void> {
    const path = join(this.root, object.key);
    await mkdir(dirname(path), { recursive: true });
    const part = join(this.root, '_fetching', object.key.replaceAll('/', '+'));
    await mkdir(dirname(part), { recursive: true });
    try {
      const { sha256 } = await this.store.fetch(object.key, part, call);
      await rename(part, path);
      this.#known.set(object.key, { ...object, sha256 });
    } catch (error) {
      await rm(part, { force: true });
      // Somebody removed it since the listing: the same as if it had never been listed.
      if ((error as Error).name !== 'MissingError') throw error;
      this.#known.delete(object.key);
    }
  }

  /** Removes files that the bucket does not have. */
  async #drop(listed: ReadonlySet<string>): Promise<boolean> {
    const gone = [...this.#known.keys()].filter((key) => !listed.has(key));
    for (const key of gone) {
      await rm(join(this.root, key), { force: true });
      this.#known.delete(key);
    }
    return gone.length > 0;
  }

  /** Keys of the files below a prefix. */
  keys(prefix: string): Promise<string[]> {
    return listKeys(this.root, prefix);
  }
}
