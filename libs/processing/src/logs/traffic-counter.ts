import { compareText } from '@pulselake/data-model';
import { ByteInterner } from '../bytes/byte-interner.js';

const DAY_MS = 86_400_000;

/** Calls of one pair on one UTC day. */
export interface PairCount {
  /** Days since the epoch. */
  readonly day: number;
  readonly kind: 'service' | 'user';
  readonly source: string;
  readonly target: string;
  readonly totalRequests: number;
  /** Calls answered with status 500 or above. */
  readonly failedRequests: number;
}

/** Counts calls per UTC day and pair of names. Memory is bounded by the distinct pairs of the days seen. */
export class TrafficCounter {
  readonly sources = new ByteInterner();
  readonly targets = new ByteInterner();
  readonly #days = new Map<number, Map<number, Pair>>();
  #lastDay = NaN;
  #lastPairs: Map<number, Pair> = new Map<number, Pair>();

  /** The UTC day of an instant, in days since the epoch. */
  static dayOf(timeMs: number): number {
    return Math.floor(timeMs / DAY_MS);
  }

  /** @param source index in {@link sources}, or −1 for a person's call */
  count(day: number, source: number, target: number, failed: boolean): void {
    if (day !== this.#lastDay) {
      let pairs = this.#days.get(day);
      if (!pairs) this.#days.set(day, (pairs = new Map<number, Pair>()));
      this.#lastPairs = pairs;
      this.#lastDay = day;
    }
    const key = (source + 1) * 0x400_0000 + target;
    let pair = this.#lastPairs.get(key);
    if (!pair) this.#lastPairs.set(key, (pair = { source, target, total: 0, failed: 0 }));
    pair.total++;
    if (failed) pair.failed++;
  }

  /** All counts, ordered by day, kind, source and target. A person's call has the given source. */
  counts(usersSource: string): PairCount[] {
    const counts: PairCount[] = [];
    for (const [day, pairs] of this.#days) {
      for (const { source, target, total, failed } of pairs.values()) {
        counts.push({
          day,
          kind: source < 0 ? 'user' : 'service',
          source: source < 0 ? usersSource : this.sources.text(source),
          target: this.targets.text(target),
          totalRequests: total,
          failedRequests: failed,
        });
      }
    }
    return counts.sort(
      (a, b) =>
        a.day - b.day ||
        compareText(a.kind, b.kind) ||
        compareText(a.source, b.source) ||
        compareText(a.target, b.target),
    );
  }
}

interface Pair {
  readonly source: number;
  readonly target: number;
  total: number;
  failed: number;
}
