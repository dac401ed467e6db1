import type { Random } from '@pulselake/generators';
import type { Kill, Killable } from './killable.js';
import { ledgerText, type Phase, phaseOf, PHASES } from './phase.js';
import { type Moment, Steering } from './steering.js';

/** Which kills come by the clock and not at a call. */
const BY_CLOCK = 0.2;
/** After which kills the next command is killed too. */
const AGAIN = 0.3;
/** After which kills the lake is proved before anything is run again. */
const LOOK = 0.7;
/** Where a recovery is, in calls. */
const RECOVERY_CALLS = 40;
/** A kill by the clock may come too late: so many tries per kill. */
const TRIES = 5;

export interface KillAmount {
  readonly kills: number;
  /** In each phase. */
  readonly hits: number;
}

/** Kills a stage's commands at moments that reach every phase, and looks what is there in the end. */
export class KillLoop {
  readonly hits = new Map<Phase, number>(PHASES.map((phase) => [phase, 0]));
  readonly wrong: string[] = [];
  kills = 0;
  killsByClock = 0;
  /** Recoveries that were killed too. */
  recoveriesKilled = 0;
  readonly #steering: Steering;

  constructor(
    private readonly stage: Killable,
    private readonly random: Random,
  ) {
    this.#steering = new Steering(stage.calls, random);
  }

  /** Kills so many times: first where phases lack hits, then where no kill has been. */
  async run({ kills, hits }: KillAmount): Promise<void> {
    for (let tries = 0; this.kills < kills && tries < kills * TRIES; tries++) {
      // The last phases are short: the search for them meets the first ones.
      const lacking = PHASES.filter((phase) => this.hits.get(phase)! < hits).reverse();
      lacking.sort((a, b) => this.hits.get(a)! - this.hits.get(b)!);
      if (this.random.chance(BY_CLOCK)) await this.#killByClock();
      else await this.#killAt(this.#steering.next(lacking));
    }
  }

  async #killByClock(): Promise<void> {
    const command = this.random.int(0, this.stage.calls.length);
    const afterMs = this.random.next() * this.stage.tookMs[command]!;
    if ((await this.#kill(command, { afterMs })) !== undefined) this.killsByClock++;
  }

  async #killAt(moment: Moment): Promise<void> {
    this.#steering.learn(moment, await this.#kill(moment.command, { call: moment.call }));
  }

  /** @returns the phase that it was killed in, none when it ended before */
  async #kill(command: number, kill: Kill): Promise<Phase | undefined> {
    const { stage, random } = this;
    stage.startOver(command);
    const before = ledgerText(stage.root);
    const isKilled = await stage.kill(command, kill);
    const phase = isKilled ? phaseOf(stage.root, before) : undefined;
    if (phase !== undefined) {
      this.kills++;
      this.hits.set(phase, this.hits.get(phase)! + 1);
    }
    if (random.chance(AGAIN) && (await stage.killAgain(command, { call: random.int(1, RECOVERY_CALLS) }))) {
      this.recoveriesKilled++;
    }
    const fault = (random.chance(LOOK) ? await stage.look() : undefined) ?? (await stage.finish());
    if (fault !== undefined) {
      this.wrong.push(`command ${command + 1}, ${JSON.stringify(kill)}, ${phase ?? 'not killed'}: ${fault}`);
    }
    return phase;
  }
}
