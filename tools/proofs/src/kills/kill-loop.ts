import type { Random } from '@pulselake/generators';
import { contentOf, problemsOf } from '../faults/lake-content.js';
import { type FaultRehearsal, startOver, withLake } from '../faults/fault-loop.js';
import { NOW_MS } from '../faults/run-command.js';
import { ledgerText, type Phase, phaseOf, PHASES } from './phase.js';

/** A moment of a stage: the call of the file system of one of its commands. */
interface Moment {
  readonly command: number;
  readonly call: number;
}

/** Kills a stage's commands at moments that reach every phase, and holds what is there in the end against an undisturbed run. */
export class KillLoop {
  readonly hits = new Map<Phase, number>(PHASES.map((phase) => [phase, 0]));
  readonly wrong: string[] = [];
  /** Recoveries that were killed too. */
  recoveriesKilled = 0;
  readonly #moments: Moment[];
  /** Where kills of each phase were. */
  readonly #known = new Map<Phase, Moment[]>();

  /** @param calls of each command of the stage, as `countCalls` counts them */
  constructor(
    private readonly rehearsal: FaultRehearsal,
    calls: readonly number[],
    private readonly random: Random,
  ) {
    const moments = calls.flatMap((count, command) =>
      Array.from({ length: count }, (_, index) => ({ command, call: index + 1 })),
    );
    this.#moments = Array.from(moments, () => moments.splice(random.int(0, moments.length - 1), 1)[0]!);
  }

  /** Kills so many times: at each moment once, in random order, then where phases were hit least. */
  async run(kills: number): Promise<void> {
    for (let done = 0; done < kills; done++) {
      const moment = this.#moments[done] ?? this.#leastHit();
      const fault = await this.#killOnce(moment);
      if (fault !== undefined) this.wrong.push(`command ${moment.command + 1}, call ${moment.call}: ${fault}`);
    }
  }

  #leastHit(): Moment {
    const phases = [...this.#known.keys()].sort((a, b) => this.hits.get(a)! - this.hits.get(b)!);
    return this.random.pick(this.#known.get(phases[0]!)!);
  }

  async #killOnce(moment: Moment): Promise<string | undefined> {
    const { stage, command, root, after } = this.rehearsal;
    startOver(this.rehearsal);
    const sound = { calls: 'any', errno: 0, first: 0 } as const;
    for (const args of stage.commands.slice(0, moment.command)) await command.run(withLake(root, args), root, sound);
    const before = ledgerText(root);
    const killed = withLake(root, stage.commands[moment.command]!);
    const { exitCode } = await command.run(killed, root, { ...sound, first: moment.call }, stage.stdin);
    // The number of calls differs a little from run to run: DuckDB writes when it likes.
    const phase = exitCode === null ? phaseOf(root, before) : 'after';
    this.hits.set(phase, this.hits.get(phase)! + 1);
    this.#known.set(phase, [...(this.#known.get(phase) ?? []), moment]);
    if (this.random.next() < 0.3) {
      const again = await command.run(killed, root, { ...sound, first: this.random.int(1, 40) });
      if (again.exitCode === null) this.recoveriesKilled++;
    }
    try {
      await stage.runAgain(root);
    } catch (error) {
      return `${phase}: the rerun: ${error instanceof Error ? error.message : String(error)}`;
    }
    const problems = await problemsOf(root, () => NOW_MS);
    if (problems !== '') return `${phase}: verify: ${problems}`;
    return (await contentOf(root)) === after.at(-1)
      ? undefined
      : `${phase}: The end is not that of an undisturbed run.`;
  }
}
