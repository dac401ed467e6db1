import { RECORD_FAULTS, type Faults, type RecordFault } from '../faults.js';
import type { Random } from '../random.js';

/** Faults start at this record, so that a file's first lines are sound. */
const FIRST_PLANTED = 7;
const PLANTED_EVERY = 5;

export interface FaultPickerOptions {
  readonly faults: Faults;
  /** The faults that the format can have. */
  readonly kinds: readonly RecordFault[];
  readonly random: Random;
  /** Whether each fault with a rate above 0 comes at least once, near the start of the file. */
  readonly plant: boolean;
}

/** Decides for one record after the other what is wrong with it. */
export class FaultPicker {
  readonly #random: Random;
  readonly #rates: readonly (readonly [RecordFault, number])[];
  readonly #total: number;
  readonly #planted = new Map<number, RecordFault>();
  #index = 0;

  /** @throws RangeError when a rate is not within 0–1 or the rates of one format add up to more than 1 */
  constructor({ faults, kinds, random, plant }: FaultPickerOptions) {
    for (const fault of RECORD_FAULTS) {
      if (!(faults[fault] >= 0 && faults[fault] <= 1)) {
        throw new RangeError(`faults.${fault} is ${faults[fault]}; a rate must be between 0 and 1.`);
      }
    }
    this.#random = random;
    this.#rates = kinds.map((kind) => [kind, faults[kind]] as const).filter(([, rate]) => rate > 0);
    this.#total = this.#rates.reduce((sum, [, rate]) => sum + rate, 0);
    if (this.#total > 1) {
      const names = this.#rates.map(([kind]) => kind).join(', ');
      throw new RangeError(`The rates of ${names} add up to ${this.#total}; they must stay within 1.`);
    }
    if (plant) {
      this.#rates.forEach(([kind], place) => this.#planted.set(FIRST_PLANTED + PLANTED_EVERY * place, kind));
    }
  }

  /** What is wrong with the next record; `undefined` when nothing is. */
  pick(): RecordFault | undefined {
    const planted = this.#planted.get(this.#index++);
    if (planted) return planted;
    let draw = this.#random.next();
    if (draw >= this.#total) return undefined;
    for (const [kind, rate] of this.#rates) {
      draw -= rate;
      if (draw < 0) return kind;
    }
    return undefined;
  }
}
