import type { Figure } from './measure.js';

/** One line of the result: a figure, its baseline, and the ratio that the target is about. */
export interface Verdict {
  readonly work: string;
  readonly figure: string;
  readonly baseline: string;
  readonly ratio: number;
  /** What to reach, for example `≥ 2`. */
  readonly target: string;
  readonly met: boolean;
  /** At least half way: what the first benchmark asks for. */
  readonly halfMet: boolean;
  /** In 10^6 bytes. */
  readonly rssMB?: number;
  /** From the fastest to the slowest round, of both. */
  readonly spread: string;
}

type Judgement = Pick<Verdict, 'ratio' | 'target' | 'met' | 'halfMet'>;

/** `ratio` must be at least `target`. */
export function atLeast(ratio: number, target: number): Judgement {
  return { ratio, target: `≥ ${target}`, met: ratio >= target, halfMet: ratio >= target / 2 };
}

/** `ratio` must be at most `target`. */
export function atMost(ratio: number, target: number): Judgement {
  return { ratio, target: `≤ ${target}`, met: ratio <= target, halfMet: ratio <= target * 2 };
}

/** The memory must be at most `targetMB`, too. */
export function withinMemory(judgement: Judgement, rssMB: number, targetMB: number): Judgement & { rssMB: number } {
  const memory = atMost(rssMB, targetMB);
  return {
    ...judgement,
    target: `${judgement.target}, RSS ≤ ${targetMB} MB`,
    met: judgement.met && memory.met,
    halfMet: judgement.halfMet && memory.halfMet,
    rssMB,
  };
}

/** Seconds for people. */
export function secondsText(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

/** From the fastest to the slowest round. */
export function spreadOf(ours: Figure, baseline: Figure): string {
  const text = ({ secondsMin, secondsMax }: Figure) => `${secondsMin.toFixed(2)}–${secondsMax.toFixed(2)} s`;
  return `${text(ours)} against ${text(baseline)}`;
}
