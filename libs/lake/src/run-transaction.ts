import { basename, dirname, join } from 'node:path';
import type { PipelineRun, RunOutput } from '@pulselake/data-model';
import { utcDay, parseInstant } from '@pulselake/data-model';
import { digestFile } from './digest-file.js';
import { exists, type LakeFiles, listNames, makeDurableDirectories, syncParents } from './lake-files.js';
import { runKey, STAGING } from './lake-layout.js';
import { thisProcess } from './process-owner.js';
import { encodeRun } from './run-ledger.js';
import { interruptedName, stagingName } from './staging-folder.js';

const FILES = 'files';

/** Staged files lie side by side: one folder to sync, and no folder of a table is made before the commit. */
export function stagedPath(directory: string, key: string): string {
  return join(directory, FILES, key.replaceAll('/', '+'));
}

/** The keys of the files in a staging folder. */
export async function stagedKeys(directory: string): Promise<string[]> {
  return (await listNames(join(directory, FILES))).map((name) => name.replaceAll('+', '/'));
}

/** A run's entry before the commit adds what it wrote. */
export type RunDraft = Omit<PipelineRun, 'outputs' | 'rowsWritten' | 'sequence'>;

/** What is known of a staged file besides its bytes. */
export interface StagedRows {
  readonly rows: number;
  /** Input records the file accounts for. */
  readonly records?: number;
}

/**
 * The files of one run on their way into the lake.
 *
 * Written under `_staging/`, synced, recorded in the ledger, renamed into place: readers never see half a file, and a
 * crash at any point is either rolled forward or swept.
 */
export class RunTransaction {
  readonly #staged = new Map<string, StagedRows>();
  #recorded = false;

  private constructor(
    private readonly root: string,
    private readonly files: LakeFiles,
    readonly runId: string,
    /** Folder of this transaction below `_staging/`. */
    private readonly directory: string,
  ) {}

  /** Starts a transaction. `commitNumber` tells apart the commits of a run that makes several. */
  static async begin(root: string, files: LakeFiles, runId: string, commitNumber = 0): Promise<RunTransaction> {
    const directory = join(root, STAGING, stagingName(runId, commitNumber, await thisProcess()));
    await makeDurableDirectories(files, [directory]);
    return new RunTransaction(root, files, runId, directory);
  }

  /** A folder for what need not outlive this transaction. */
  get scratch(): string {
    return join(this.directory, 'scratch');
  }

  /** Where to write the file that will be `key`; its folder exists. */
  async stage(key: string): Promise<string> {
    const path = stagedPath(this.directory, key);
    await this.files.makeDirectory(dirname(path));
    return path;
  }

  /** Tells what a staged file holds, once it is written. */
  add(key: string, rows: StagedRows): void {
    this.#staged.set(key, rows);
  }

  /** Staged keys so far. */
  get keys(): string[] {
    return [...this.#staged.keys()];
  }

  /**
   * Commits: after this call the run is in the ledger and its files are in place. The caller holds the lock.
   *
   * @param earlier outputs of this run's earlier commits, kept in its entry
   * @param remove keys of earlier runs that this run takes out
   */
  async commit(
    draft: RunDraft,
    options: { sequence: number; earlier?: readonly RunOutput[]; remove?: readonly string[] },
  ): Promise<PipelineRun> {
    const outputs: RunOutput[] = [];
    // Another run may merge or remove a file between two commits of this one.
    const several = draft.status === 'running' || options.earlier !== undefined;
    const commit = several ? { sequence: options.sequence } : {};
    for (const [key, rows] of this.#staged) {
      const path = stagedPath(this.directory, key);
      await this.files.sync(path);
      outputs.push({ uri: key, ...rows, ...(await digestFile(path)), ...commit });
    }
    if (this.keys.length > 0) {
      await this.files.syncDirectory(join(this.directory, FILES));
      await this.files.syncDirectory(this.directory);
    }
    const remove = options.remove ?? [];
    const overwritten = [];
    for (const key of this.keys) if (await exists(join(this.root, key))) overwritten.push(key);
    const replaced = [...new Set([...(draft.replaced ?? []), ...remove, ...overwritten])].sort();
    const allOutputs = [...(options.earlier ?? []), ...outputs];
    const run: PipelineRun = {
      ...draft,
      outputs: allOutputs,
      ...(replaced.length > 0 && { replaced }),
      rowsWritten: allOutputs.reduce((sum, output) => sum + output.rows, 0),
      sequence: options.sequence,
    };
    const entry = join(this.directory, 'run.json');
    // Its place in this folder needs no sync: it is safe where it is renamed to.
    await this.files.write(entry, encodeRun(run));
    const ledgerPath = join(this.root, runKey(utcDay(parseInstant(run.startedAt)!), run.runId));
    const paths = [...this.keys.map((key) => join(this.root, key)), ledgerPath];
    await makeDurableDirectories(
      this.files,
      paths.map((path) => dirname(path)),
    );
    await this.files.rename(entry, ledgerPath);
    this.#recorded = true;
    try {
      await this.files.syncDirectory(dirname(ledgerPath));
      await finishCommit(this.root, this.files, this.directory, run);
    } catch (error) {
      await this.#disown();
      throw error;
    }
    return run;
  }

  /** Leaves the rest of a recorded run to whoever has the lock next: this process may live on. */
  async #disown(): Promise<void> {
    const name = join(dirname(this.directory), interruptedName(basename(this.directory)));
    // Where this fails too, it waits until this process has ended.
    await this.files.rename(this.directory, name).catch(() => undefined);
  }

  /** Drops everything staged; of a recorded run nothing: recovery brings it into place. */
  async abort(): Promise<void> {
    if (this.#recorded) return;
    await this.files.remove(this.directory);
  }
}

/** Brings a recorded run's staged files into place and takes out what it replaced. Done twice, it does no harm. */
export async function finishCommit(root: string, files: LakeFiles, directory: string, run: PipelineRun): Promise<void> {
  const outputs = new Map(run.outputs.map((output) => [output.uri, output]));
  const moving = (await stagedKeys(directory)).filter((key) => outputs.has(key));
  for (const key of moving) await files.rename(stagedPath(directory, key), join(root, key));
  await syncParents(
    files,
    moving.map((key) => join(root, key)),
  );
  const removed = (run.replaced ?? []).filter((key) => !outputs.has(key)).map((key) => join(root, key));
  const there = [];
  for (const path of removed) if (await exists(path)) there.push(path);
  for (const path of there) await files.remove(path);
  await syncParents(files, there);
  await files.remove(directory);
}
