import { FAULTS, type Fault } from './fault.js';

export interface FaultPlanOptions {
  /** Decides on everything by chance. Default 1. */
  readonly seed?: number;
  /** What happens to the first requests, one after the other; `none` forwards. */
  readonly script?: readonly (Fault | 'none')[];
  /** Probability of each fault, 0 to 1, for requests after the script; their sum is at most 1. */
  readonly rates?: Readonly<Partial<Record<Fault, number>>>;
}

/** Decides what happens to each request. The same options decide alike. */
export class FaultPlan {
  readonly #script: (Fault | 'none')[];
  readonly #rates: Readonly<Partial<Record<Fault, number>>>;
  #state: number;

  constructor({ seed = 1, script = [], rates = {} }: FaultPlanOptions) {
    const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
    if (sum > 1) throw new RangeError(`The rates add up to ${sum}; at most 1 is possible.`);
    this.#script = [...script];
    this.#rates = rates;
    this.#state = seed >>> 0;
  }

  next(): Fault | 'none' {
    const scripted = this.#script.shift();
    if (scripted !== undefined) return scripted;
    let left = this.random();
    for (const fault of FAULTS) {
      left -= this.#rates[fault] ?? 0;
      if (left < 0) return fault;
    }
    return 'none';
  }

  /** From 0 (inclusive) to 1 (exclusive): mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
}
