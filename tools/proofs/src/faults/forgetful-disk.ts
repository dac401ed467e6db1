import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of a file or folder has reached the disk. */
interface Durable {
  readonly isFolder: boolean;
  /** A folder's entries as of its last sync. */
  entries: Map<string, Durable>;
  /** A file's content as of its last sync; empty until then, or what a crash left of it. */
  content: Buffer;
}

/** A file or folder as programs see it. */
interface Seen {
  readonly entries: Map<string, Durable>;
  readonly content: Buffer;
}

/** Whether a change that was not synced has reached the disk all the same. */
export type Survives = () => boolean;

/**
 * What of a folder would outlive a power cut: contents as of their last sync, entries as of their folder's last sync.
 * Nothing else may be relied on, whatever a real file system does beyond that.
 */
export class ForgetfulDisk {
  readonly #nodes = new Map<string, Durable>();

  /** All that is in the folder now is durable. */
  constructor(private readonly root: string) {
    this.#syncAll(root);
  }

  syncContent(path: string): void {
    this.#nodeOf(path).content = readFileSync(path);
  }

  syncEntries(path: string): void {
    this.#nodeOf(path).entries = new Map(readdirSync(path).map((name) => [name, this.#nodeOf(join(path, name))]));
  }

  /** A file's content as of its last sync. */
  syncedContent(path: string): Buffer {
    return this.#nodeOf(path).content;
  }

  /**
   * Makes the folder what a power cut leaves of it.
   *
   * @param survives asked for each change that was not synced; default: none survives
   */
  crash(survives: Survives = () => false): void {
    const root = this.#nodeOf(this.root);
    const left = new Remains(root, this.#see(this.root), survives);
    for (const name of readdirSync(this.root)) rmSync(join(this.root, name), { recursive: true });
    writeFolder(this.root, root, left);
  }

  #syncAll(path: string): void {
    if (this.#nodeOf(path).isFolder) {
      this.syncEntries(path);
      for (const name of readdirSync(path)) this.#syncAll(join(path, name));
    } else {
      this.syncContent(path);
    }
  }

  #nodeOf(path: string): Durable {
    const stats = lstatSync(path, { bigint: true });
    // A number is used again for a later file; the time of birth tells them apart.
    const key = `${stats.ino} ${stats.birthtimeNs}`;
    let node = this.#nodes.get(key);
    if (!node) {
      node = { isFolder: stats.isDirectory(), entries: new Map(), content: Buffer.alloc(0) };
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** All that programs see below a path. */
  #see(path: string, seen = new Map<Durable, Seen>()): Map<Durable, Seen> {
    const node = this.#nodeOf(path);
    const names = node.isFolder ? readdirSync(path) : [];
    const entries = new Map(names.map((name) => [name, this.#nodeOf(join(path, name))]));
    seen.set(node, { entries, content: node.isFolder ? Buffer.alloc(0) : readFileSync(path) });
    for (const name of names) this.#see(join(path, name), seen);
    return seen;
  }
}

/** What a power cut leaves. */
class Remains {
  /** Names in a folder that are new since its last sync and survive. */
  readonly #added = new Map<Durable, Set<string>>();
  /** What is at one of the places where programs see it. */
  readonly #placed = new Set<Durable>();

  constructor(
    root: Durable,
    private readonly seen: ReadonlyMap<Durable, Seen>,
    private readonly survives: Survives,
  ) {
    this.#place(root);
  }

  entriesOf(folder: Durable): Map<string, Durable> {
    const left = new Map<string, Durable>();
    const now = this.seen.get(folder)?.entries;
    for (const [name, node] of folder.entries) {
      // A name that was given anew by a rename is never without a file: the old one is there until the new one is.
      if (now?.has(name) || !this.#isRemoved(node)) left.set(name, node);
    }
    for (const name of this.#added.get(folder) ?? []) left.set(name, now!.get(name)!);
    return left;
  }

  /** What was synced, or all that was written, or a torn part of it. */
  contentOf(file: Durable): Buffer {
    const content = this.seen.get(file)?.content ?? file.content;
    if (file.content.equals(content) || !this.survives()) return file.content;
    if (this.survives()) return content;
    // What was synced of a file that has only grown since cannot be torn.
    const safe = content.subarray(0, file.content.length).equals(file.content) ? file.content.length : 0;
    return content.subarray(0, safe + ((content.length - safe) >> 1));
  }

  #place(folder: Durable): void {
    const added = new Set<string>();
    this.#added.set(folder, added);
    for (const [name, node] of this.seen.get(folder)?.entries ?? []) {
      const isNew = folder.entries.get(name) !== node;
      if (isNew && !this.survives()) continue;
      if (isNew) added.add(name);
      this.#placed.add(node);
      this.#place(node);
    }
  }

  /** What was moved is at one of its places at least. */
  #isRemoved(node: Durable): boolean {
    return (!this.seen.has(node) || this.#placed.has(node)) && this.survives();
  }
}

function writeFolder(path: string, folder: Durable, left: Remains): void {
  for (const [name, node] of left.entriesOf(folder)) {
    const child = join(path, name);
    if (node.isFolder) {
      mkdirSync(child);
      writeFolder(child, node, left);
    } else {
      writeFileSync(child, left.contentOf(node));
    }
  }
}
