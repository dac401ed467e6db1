import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type AppendFile, type LakeFiles, nodeLakeFiles } from '@pulselake/lake';
import type { ForgetfulDisk } from './forgetful-disk.js';

/** Thrown by each call from that on at which the power is cut. */
class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/** What a sync makes safe: the content of a file, or the entries of a folder. */
export interface SyncCall {
  readonly path: string;
  readonly of: 'content' | 'entries';
  /** Number of the call, from 1. */
  readonly number: number;
  /** For entries: the folder made last in this one since its entries were synced. */
  readonly madeFolder?: string;
}

export interface ForgetfulFilesOptions {
  /** The call, from 1, at which the power is cut: it does nothing any more. Default none. */
  readonly cutAtCall?: number;
  /** Tells which syncs do nothing. Default none. */
  readonly skips?: (call: SyncCall) => boolean;
}

/** The lake's file system on a disk that forgets what was not synced. */
export class ForgetfulFiles implements LakeFiles {
  #calls = 0;
  readonly #madeFolders = new Map<string, string>();
  readonly syncs: SyncCall[] = [];

  constructor(
    private readonly disk: ForgetfulDisk,
    private readonly options: ForgetfulFilesOptions = {},
  ) {}

  /** Calls so far, the one at which the power was cut included. */
  get calls(): number {
    return this.#calls;
  }

  /** Whether the power was cut. */
  get isCut(): boolean {
    return this.#calls >= (this.options.cutAtCall ?? Infinity);
  }

  /** Whether a synced file whose name ends so holds the text. */
  isSafe(text: string, nameEnds: RegExp): boolean {
    const paths = new Set(
      this.syncs.filter(({ of, path }) => of === 'content' && nameEnds.test(path)).map(({ path }) => path),
    );
    return [...paths].some((path) => existsSync(path) && this.disk.syncedContent(path).includes(text));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#call(async () => {
      const isNew = !existsSync(path);
      await nodeLakeFiles.makeDirectory(path);
      if (isNew) this.#madeFolders.set(dirname(path), path);
    });
  }

  write(path: string, content: string): Promise<void> {
    return this.#call(async () => {
      await nodeLakeFiles.writeVolatile(path, content);
      this.#sync({ path, of: 'content' });
    });
  }

  writeVolatile(path: string, content: string): Promise<void> {
    return this.#call(() => nodeLakeFiles.writeVolatile(path, content));
  }

  sync(path: string): Promise<void> {
    return this.#call(() => this.#sync({ path, of: 'content' }));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#call(() => {
      const madeFolder = this.#madeFolders.get(path);
      this.#madeFolders.delete(path);
      this.#sync({ path, of: 'entries', ...(madeFolder !== undefined && { madeFolder }) });
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#call(() => nodeLakeFiles.rename(from, to));
  }

  link(from: string, to: string): Promise<void> {
    return this.#call(() => nodeLakeFiles.link(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#call(() => nodeLakeFiles.remove(path));
  }

  openAppend(path: string): AppendFile {
    this.#count();
    const file = nodeLakeFiles.openAppend(path);
    return {
      append: (bytes) => {
        this.#count();
        file.append(bytes);
      },
      sync: () => this.#call(() => this.#sync({ path, of: 'content' })),
      close: () => file.close(),
    };
  }

  #sync(what: Omit<SyncCall, 'number'>): void {
    const call = { ...what, number: this.#calls };
    this.syncs.push(call);
    if (this.options.skips?.(call)) return;
    if (call.of === 'content') this.disk.syncContent(call.path);
    else this.disk.syncEntries(call.path);
  }

  async #call(work: () => Promise<void> | void): Promise<void> {
    this.#count();
    await work();
  }

  #count(): void {
    this.#calls++;
    if (this.isCut) throw new PowerCut(`The power was cut at call ${this.#calls}.`);
  }
}
