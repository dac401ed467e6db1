import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createRandom } from '@pulselake/generators';
import { MARKER } from '@pulselake/lake';
import { buryOwners } from './bury-owners.js';
import { ForgetfulDisk, type Survives } from './forgetful-disk.js';
import { ForgetfulFiles, type ForgetfulFilesOptions, type SyncCall } from './forgetful-files.js';
import { contentOf, problemsOf } from './lake-content.js';
import { NOW_MS } from './run-command.js';

/** Commands whose every crash must end right. */
export interface Stage {
  readonly name: string;
  /** Makes what the lake holds before. */
  prepare?(root: string): Promise<void>;
  /** Runs the commands on the disk that forgets, until one fails. */
  run(root: string, files: ForgetfulFiles): Promise<void>;
  /** Runs them again after the crash. @throws when one fails */
  runAgain(root: string): Promise<void>;
}

/** A stage, the folder it works in, and where an undisturbed run of it ends. */
export interface Rehearsal {
  readonly stage: Stage;
  readonly folder: string;
  /** The lake. */
  readonly root: string;
  readonly calls: number;
  readonly syncs: readonly SyncCall[];
  readonly content: string;
}

export type Cut = ForgetfulFilesOptions & { readonly survives?: Survives };

/** Runs a stage undisturbed. `folder` is the stage's own. */
export async function rehearse(stage: Stage, folder: string): Promise<Rehearsal> {
  const prepared = join(folder, 'prepared');
  rmSync(prepared, { recursive: true, force: true });
  mkdirSync(prepared, { recursive: true });
  await stage.prepare?.(join(prepared, 'lake'));
  const { root, files } = startOver(folder);
  await stage.run(root, files);
  const problems = await problemsOf(root, () => NOW_MS);
  if (problems !== '') throw new Error(`The undisturbed run of ${stage.name} ends wrong: ${problems}`);
  return { stage, folder, root, calls: files.calls, syncs: files.syncs, content: await contentOf(root) };
}

/**
 * Runs a stage until the power is cut, and runs it again. A command that ended before the cut must have kept its word, and
 * what is left must be clean already.
 *
 * @returns what is wrong; nothing when all is right
 */
export async function crashOnce(rehearsal: Rehearsal, cut: Cut): Promise<string | undefined> {
  const { stage, folder } = rehearsal;
  const { root, files, disk } = startOver(folder, cut);
  await stage.run(root, files);
  disk.crash(cut.survives);
  try {
    if (existsSync(root)) buryOwners(root, process.pid);
    const mustBeThere = !files.isCut || stage.prepare !== undefined;
    if (mustBeThere || existsSync(join(root, MARKER))) {
      const left = await faultOf(rehearsal, root, files.isCut);
      if (left !== undefined) return `After the crash: ${left}`;
    }
    await stage.runAgain(root);
    return await faultOf(rehearsal, root, false);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Kills a stage at a call, which a disk survives whole, runs it again to its end, and then cuts the power: nothing that the second
 * run finds may be taken for safe without need.
 *
 * @returns what is wrong; nothing when all is right
 */
export async function killThenCut(rehearsal: Rehearsal, killAtCall: number): Promise<string | undefined> {
  const { stage, folder } = rehearsal;
  const { root, files, disk } = startOver(folder, { cutAtCall: killAtCall });
  await stage.run(root, files);
  if (existsSync(root)) buryOwners(root, process.pid);
  await stage.run(root, new ForgetfulFiles(disk));
  disk.crash();
  try {
    return await faultOf(rehearsal, root, false);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function faultOf({ content }: Rehearsal, root: string, isOnTheWay: boolean): Promise<string | undefined> {
  const problems = await problemsOf(root, () => NOW_MS);
  if (problems !== '') return problems;
  if (isOnTheWay || (await contentOf(root)) === content) return undefined;
  return 'The lake does not hold what an undisturbed run gives.';
}

/** What a cut may leave, by a seed: each change that was not synced survives or not. Seed 0: none does. */
export function survivalOf(seed: number): Survives {
  if (seed === 0) return () => false;
  const random = createRandom(seed);
  return () => random.next() < 0.5;
}

function startOver(folder: string, options: ForgetfulFilesOptions = {}) {
  const machine = join(folder, 'machine');
  rmSync(machine, { recursive: true, force: true });
  cpSync(join(folder, 'prepared'), machine, { recursive: true });
  const disk = new ForgetfulDisk(machine);
  return { root: join(machine, 'lake'), disk, files: new ForgetfulFiles(disk, options) };
}
