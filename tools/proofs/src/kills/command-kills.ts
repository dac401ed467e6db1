import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MARKER } from '@pulselake/lake';
import type { Fault, FaultyCommand, FaultyResult } from '../faults/faulty-command.js';
import { withLake } from '../faults/fault-loop.js';
import { contentOf, problemsOf } from '../faults/lake-content.js';
import { NOW_MS } from '../faults/run-command.js';
import type { CommandStage } from '../faults/stages.js';
import type { Kill, Killable } from './killable.js';

/** Counts calls and kills nothing. */
export const SOUND: Fault = { calls: 'any', errno: 0, first: 0 };

export function faultOf(kill: Kill): Fault {
  return 'call' in kill ? { ...SOUND, first: kill.call } : { ...SOUND, afterMs: kill.afterMs };
}

/** The commands of a stage, killed: what they end with, run again, must be what an undisturbed run ends with. */
export class CommandKills implements Killable {
  readonly name: string;
  readonly root: string;
  readonly calls: number[] = [];
  readonly tookMs: number[] = [];
  #content = '';

  private constructor(
    private readonly stage: CommandStage,
    private readonly command: FaultyCommand,
    private readonly folder: string,
  ) {
    this.name = stage.name;
    this.root = join(folder, 'machine/lake');
  }

  /** Runs the stage undisturbed. `folder` is the stage's own. */
  static async rehearse(stage: CommandStage, command: FaultyCommand, folder: string): Promise<CommandKills> {
    const kills = new CommandKills(stage, command, folder);
    mkdirSync(kills.#before(0), { recursive: true });
    await stage.prepare?.(join(kills.#before(0), 'lake'));
    for (const [index, args] of stage.commands.entries()) {
      kills.startOver(index);
      const started = performance.now();
      const { exitCode, stderr, calls } = await kills.#run(index, SOUND);
      if (exitCode !== 0) throw new Error(`pulselake ${args.join(' ')}: ${stderr}`);
      kills.tookMs.push(performance.now() - started);
      kills.calls.push(calls);
      cpSync(join(folder, 'machine'), kills.#before(index + 1), { recursive: true });
    }
    kills.#content = await contentOf(kills.root);
    return kills;
  }

  startOver(command: number): void {
    const machine = join(this.folder, 'machine');
    rmSync(machine, { recursive: true, force: true });
    cpSync(this.#before(command), machine, { recursive: true });
  }

  async kill(command: number, kill: Kill): Promise<boolean> {
    return (await this.#run(command, faultOf(kill))).exitCode === null;
  }

  async killAgain(command: number, kill: Kill): Promise<boolean> {
    const args = withLake(this.root, this.stage.commands[command]!);
    return (await this.command.run(args, this.root, faultOf(kill))).exitCode === null;
  }

  async look(): Promise<string | undefined> {
    // A kill may have come before there was a lake.
    const problems = existsSync(join(this.root, MARKER)) ? await problemsOf(this.root, () => NOW_MS) : '';
    return problems === '' ? undefined : `verify before the rerun: ${problems}`;
  }

  async finish(): Promise<string | undefined> {
    try {
      await this.stage.runAgain(this.root);
    } catch (error) {
      return `the rerun: ${error instanceof Error ? error.message : String(error)}`;
    }
    const problems = await problemsOf(this.root, () => NOW_MS);
    if (problems !== '') return `verify: ${problems}`;
    return (await contentOf(this.root)) === this.#content ? undefined : 'The end is not that of an undisturbed run.';
  }

  #run(command: number, fault: Fault): Promise<FaultyResult> {
    const { commands, stdin = '', lineEveryMs } = this.stage;
    const args = withLake(this.root, commands[command]!);
    if (lineEveryMs === undefined) return this.command.run(args, this.root, fault, stdin);
    return this.command.converse(args, this.root, fault, async (child) => {
      for (const line of stdin.split(/(?<=\n)/)) {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.stdin.write(line);
        await sleep(lineEveryMs);
      }
      child.stdin.end();
    });
  }

  /** What lies on the machine before a command. */
  #before(command: number): string {
    return join(this.folder, `before-${command}`);
  }
}
