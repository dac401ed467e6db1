import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MARKER } from '@pulselake/lake';
import type { Fault, FaultyCommand } from './faulty-command.js';
import { contentOf, problemsOf } from './lake-content.js';
import { NOW_MS } from './run-command.js';
import type { CommandStage } from './stages.js';

/** A stage whose commands are run as programs, and where an undisturbed run of it ends. */
export interface FaultRehearsal {
  readonly stage: CommandStage;
  readonly command: FaultyCommand;
  readonly folder: string;
  /** The lake. */
  readonly root: string;
  /** What the lake holds before; `undefined` when there is none. */
  readonly before: string | undefined;
  /** What it holds after each command. */
  readonly after: readonly string[];
}

/** Runs a stage undisturbed. `folder` is the stage's own. */
export async function rehearseFaults(
  stage: CommandStage,
  command: FaultyCommand,
  folder: string,
): Promise<FaultRehearsal> {
  const prepared = join(folder, 'prepared');
  rmSync(prepared, { recursive: true, force: true });
  mkdirSync(prepared, { recursive: true });
  await stage.prepare?.(join(prepared, 'lake'));
  const root = join(folder, 'machine/lake');
  const after: string[] = [];
  const rehearsal = { stage, command, folder, root, after };
  startOver(rehearsal);
  const before = stage.prepare && (await contentOf(root));
  for (const args of stage.commands) {
    const { exitCode, stderr } = await command.run(withLake(root, args), root, SOUND, stage.stdin);
    if (exitCode !== 0) throw new Error(`pulselake ${args.join(' ')}: ${stderr}`);
    after.push(await contentOf(root));
  }
  return { ...rehearsal, before };
}

/** How many calls of a kind the commands of a stage make, each. */
export async function countCalls(
  { stage, command, folder, root }: FaultRehearsal,
  calls: Fault['calls'],
): Promise<number[]> {
  startOver({ folder });
  const counts: number[] = [];
  for (const args of stage.commands) {
    counts.push((await command.run(withLake(root, args), root, { calls, errno: 0, first: 0 }, stage.stdin)).calls);
  }
  return counts;
}

/**
 * Runs a stage's commands up to one on a sound disk, that one on a disk that fails, and then all again on a sound one.
 *
 * @returns what is wrong; nothing when all is right
 */
export async function failOnce(rehearsal: FaultRehearsal, index: number, fault: Fault): Promise<string | undefined> {
  const { stage, command, root, before, after } = rehearsal;
  startOver(rehearsal);
  for (const args of stage.commands.slice(0, index)) await command.run(withLake(root, args), root, SOUND, stage.stdin);
  const result = await command.run(withLake(root, stage.commands[index]!), root, fault, stage.stdin);
  const complaint = complaintOf(result, fault);
  if (complaint !== undefined) return `${complaint}: exit code ${result.exitCode}, ${result.stderr}`;
  const old = index === 0 ? before : after[index - 1];
  if (old !== undefined || existsSync(join(root, MARKER))) {
    const problems = await problemsOf(root, () => NOW_MS);
    if (problems !== '') return `verify after the failure: ${problems}`;
    const content = await contentOf(root);
    // A run that was recorded when the disk failed is finished by the next command.
    const allowed = result.exitCode === 0 ? [after[index]] : [old ?? EMPTY, after[index]];
    if (!allowed.includes(content)) return 'The lake is neither as before nor as after.';
  }
  try {
    await stage.runAgain(root);
  } catch (error) {
    return `the rerun: ${error instanceof Error ? error.message : String(error)}`;
  }
  const problems = await problemsOf(root, () => NOW_MS);
  if (problems !== '') return `verify after the rerun: ${problems}`;
  return (await contentOf(root)) === after.at(-1)
    ? undefined
    : 'The rerun does not give what an undisturbed run gives.';
}

const SOUND: Fault = { calls: 'any', errno: 0, first: 0 };
/** A lake without any row. */
const EMPTY = '[[],[],[]]';
const STACK = /^\s+at .+:\d+|bug in pulselake/m;

function complaintOf(
  { exitCode, stderr }: { exitCode: number | null; stderr: string },
  fault: Fault,
): string | undefined {
  if (exitCode === null) return fault.errno === 0 ? undefined : 'It was killed';
  if (STACK.test(stderr)) return 'Its message is no message for people';
  // What is left over, a draft or a scratch file, may stay: nothing else may be passed over.
  if (exitCode === 0) return fault.calls === 'sync' ? 'It passes over a failed sync' : undefined;
  if (exitCode !== 1) return 'Its exit code is not 1';
  return CAUSES[fault.errno]!.test(stderr) ? undefined : 'Its message does not tell the cause';
}

const CAUSES: Readonly<Record<number, RegExp>> = {
  5: /disk cannot be read or written/,
  28: /disk is full/i,
  30: /cannot be written/,
};

export function withLake(root: string, args: readonly string[]): string[] {
  return [...args, '--lake', root];
}

function startOver({ folder }: { readonly folder: string }): void {
  const machine = join(folder, 'machine');
  rmSync(machine, { recursive: true, force: true });
  cpSync(join(folder, 'prepared'), machine, { recursive: true });
}
