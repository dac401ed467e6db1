import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatInstant, type PipelineRun, type PipelineStage } from '@pulselake/data-model';
import { LANDING } from '@pulselake/lake';
import type { InputPath } from '../pipelines/expand-inputs.js';

/** What files of a folder below `landing/` are. */
export type LandingKind = 'metrics' | 'events' | 'logs';

const FOLDERS: Readonly<Record<LandingKind, string>> = { metrics: 'metrics', events: 'events', logs: 'access-logs' };
const STAGES: Readonly<Record<LandingKind, PipelineStage>> = {
  metrics: 'metrics-etl',
  events: 'stream-windows',
  logs: 'traffic-report',
};
const KINDS = Object.keys(FOLDERS) as LandingKind[];
/** Names that programs give to files they have not finished. */
const UNFINISHED = /^\.|\.(?:tmp|part)$/i;
/** A file is stable when it was the same at two looks that are as far apart. */
const STABLE_MS = 2000;
/** Of files that are done with, so many are looked at again each time, in turn. */
const LOOKS_AGAIN = 1000;

interface SeenFile {
  readonly kind: LandingKind;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** When it was first seen as it is. */
  readonly sinceMs: number;
  /** Nothing is to be done until it changes. */
  settled: boolean;
}

/** The files that are to be taken, by what they are; each list oldest first, then by path. */
export type StableFiles = Readonly<Record<LandingKind, readonly InputPath[]>>;

/**
 * The files below `landing/` of a lake, as they were when last looked at.
 *
 * Each look lists the folders and asks for the size and time of files that are new or not done with; of the others, which
 * may be many, a part at a time.
 */
export class LandingFiles {
  readonly #seen = new Map<string, SeenFile>();
  readonly #root: string;
  readonly #known: ReadonlySet<string>;
  #look = 0;

  /** @param runs what the ledger holds: a file that a run read as it is now is done with */
  constructor(lakeRoot: string, runs: readonly PipelineRun[]) {
    this.#root = resolve(lakeRoot, LANDING);
    const below = runs.flatMap(({ stage, inputs }) =>
      inputs.filter(({ uri }) => uri.startsWith(this.#root)).map((input) => identityOf(stage, input)),
    );
    this.#known = new Set(below);
  }

  /** Looks again. @returns the files that are stable and not done with */
  async look(nowMs: number): Promise<StableFiles> {
    const stable: Record<LandingKind, InputPath[]> = { metrics: [], events: [], logs: [] };
    const gone = new Set(this.#seen.keys());
    const turns = Math.ceil(this.#seen.size / LOOKS_AGAIN);
    const turn = turns === 0 ? 0 : this.#look++ % turns;
    let number = 0;
    for (const kind of KINDS) {
      for await (const path of filesBelow(join(this.#root, FOLDERS[kind]))) {
        gone.delete(path);
        if (this.#seen.get(path)?.settled && number++ % turns !== turn) continue;
        const file = await this.#lookAt(kind, path, nowMs);
        if (!file || file.settled || nowMs - file.sinceMs < STABLE_MS) continue;
        stable[kind].push({ path, modifiedMs: file.modifiedMs });
      }
      stable[kind].sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
    }
    for (const path of gone) this.#seen.delete(path);
    return stable;
  }

  /** Files that are not done with. */
  get waiting(): number {
    return [...this.#seen.values()].filter(({ settled }) => !settled).length;
  }

  /** The file is done with, whatever became of it, until it changes. */
  settle(path: string): void {
    const file = this.#seen.get(path);
    if (file) file.settled = true;
  }

  async #lookAt(kind: LandingKind, path: string, nowMs: number): Promise<SeenFile | undefined> {
    // Gone between the listing and this.
    const stats = await stat(path).catch(() => undefined);
    if (!stats) return undefined;
    const before = this.#seen.get(path);
    if (before?.bytes === stats.size && before.modifiedMs === stats.mtimeMs) return before;
    const modifiedAt = formatInstant(Math.floor(stats.mtimeMs / 1000) * 1000);
    const settled = this.#known.has(identityOf(STAGES[kind], { uri: path, bytes: stats.size, modifiedAt }));
    const file = { kind, bytes: stats.size, modifiedMs: stats.mtimeMs, sinceMs: nowMs, settled };
    this.#seen.set(path, file);
    return file;
  }
}

/** A file as the ledger knows it: the same address, size and time of modification. */
function identityOf(
  stage: PipelineStage,
  { uri, bytes, modifiedAt }: { readonly uri: string; readonly bytes: number; readonly modifiedAt: string },
): string {
  return `${stage} ${bytes} ${modifiedAt} ${uri}`;
}

/** Regular files below a folder; links are not followed, names of unfinished files are left out. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    if (UNFINISHED.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Whether there are files for the lake in `landing/`. */
export async function hasLandingFiles(lakeRoot: string): Promise<boolean> {
  for (const folder of Object.values(FOLDERS)) {
    for await (const path of filesBelow(resolve(lakeRoot, LANDING, folder))) if (path) return true;
  }
  return false;
}
