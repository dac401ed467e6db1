import type { Random } from '@pulselake/generators';
import { type Phase, PHASES } from './phase.js';

/** A moment of a stage: the call of the file system of one of its commands. */
export interface Moment {
  /** From 0. */
  readonly command: number;
  /** From 1. */
  readonly call: number;
}

/**
 * Chooses the moments of kills so that each phase is met. Where a phase is, is found out on the way: phases follow each
 * other, so two kills tell which may be between them.
 */
export class Steering {
  readonly #seen: Map<number, number>[];

  /** @param calls of each command of the stage; a run may make some more or fewer */
  constructor(
    private readonly calls: readonly number[],
    private readonly random: Random,
  ) {
    this.#seen = calls.map(() => new Map<number, number>());
  }

  /** A moment that may be in the first of these phases that can be met at all; of no phase, any that was not tried. */
  next(wanted: readonly Phase[]): Moment {
    const all = this.calls.map((count) => range(1, count + 1));
    const choices = [...wanted.map((phase) => this.calls.map((_, command) => this.#callsIn(command, phase))), all];
    const found = choices.find((ofCommands) => ofCommands.some((calls) => calls.length > 0))!;
    const moments = found.flatMap((calls, command) => calls.map((call) => ({ command, call })));
    const untried = moments.filter(({ command, call }) => !this.#seen[command]!.has(call));
    return this.random.pick(untried.length > 0 ? untried : moments);
  }

  /** Tells what phase a kill was in; `undefined` when the command had ended before. */
  learn({ command, call }: Moment, phase: Phase | undefined): void {
    this.#seen[command]!.set(call, phase === undefined ? PHASES.length : PHASES.indexOf(phase));
  }

  /** The calls that may be in a phase, as far as is known: those that were, and those between two others. */
  #callsIn(command: number, phase: Phase): number[] {
    const wanted = PHASES.indexOf(phase);
    const end = this.calls[command]! + 1;
    const seen = [...this.#seen[command]!, [0, 0] as const, [end, PHASES.length] as const].sort(([a], [b]) => a - b);
    return seen.flatMap(([call, rank], index) => {
      const [nextCall, nextRank] = seen[index + 1] ?? [call, rank];
      const own = rank === wanted && call > 0 && call < end ? [call] : [];
      return isBetween(wanted, rank, nextRank) ? [...own, ...range(call + 1, nextCall)] : own;
    });
  }
}

/** Whether a phase may come between two others. A command that commits twice goes through all again. */
function isBetween(wanted: number, first: number, last: number): boolean {
  return first <= last ? wanted >= first && wanted <= last : wanted >= first || wanted <= last;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
