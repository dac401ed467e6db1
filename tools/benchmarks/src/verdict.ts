/** One line of the result: a figure, its baseline, and the ratio that the target is about. */
export interface Verdict {
  readonly work: string;
  readonly figure: string;
  readonly baseline: string;
  readonly ratio: number;
  /** The ratio to reach, for example `≥ 2`. */
  readonly target: string;
  readonly met: boolean;
  /** At least half way: what the first benchmark asks for. */
  readonly halfMet: boolean;
  readonly rssMiB?: number;
  readonly spread: string;
}

/** `ratio` must be at least `target`. */
export function atLeast(ratio: number, target: number): Pick<Verdict, 'ratio' | 'target' | 'met' | 'halfMet'> {
  return { ratio, target: `≥ ${target}`, met: ratio >= target, halfMet: ratio >= target / 2 };
}

/** `ratio` must be at most `target`. */
export function atMost(ratio: number, target: number): Pick<Verdict, 'ratio' | 'target' | 'met' | 'halfMet'> {
  return { ratio, target: `≤ ${target}`, met: ratio <= target, halfMet: ratio <= target * 2 };
}
