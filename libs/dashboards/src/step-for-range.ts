const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps a chart may have, in milliseconds: each divides the next day evenly, so that points stay where they are. */
const STEPS_MS: readonly number[] = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];

/**
 * The distance in milliseconds between two points of a chart over a range: the smallest round step that gives at most
 * `maxPoints` points, and whole days for ranges beyond.
 *
 * @example stepForRange({ fromMs: 0, toMs: 86_400_000, maxPoints: 300 }) // 300000
 */
export function stepForRange(range: {
  readonly fromMs: number;
  readonly toMs: number;
  /** 1 or more. */
  readonly maxPoints: number;
}): number {
  const leastMs = (range.toMs - range.fromMs) / range.maxPoints;
  return STEPS_MS.find((stepMs) => stepMs >= leastMs) ?? Math.ceil(leastMs / DAY_MS) * DAY_MS;
}
