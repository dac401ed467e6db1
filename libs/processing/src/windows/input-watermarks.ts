import { watermarkFromJson, watermarkToJson, type WindowAggregatorState } from './window-aggregator-state.js';

interface InputState {
  /** Highest event time − out-of-orderness − 1. */
  watermarkMs: number;
  /** When the last valid event came. */
  activeAtMs: number;
}

/** How far event time has come in each input (a file, a shard), and in all of them together. */
export class InputWatermarks {
  readonly #inputs: InputState[] = [];

  /**
   * @param lagMs how far the watermark of an input stays behind its latest event
   * @param idleMs an input that is silent for so long holds the others back no more
   * @param state where others stood, to go on from there
   */
  constructor(
    private readonly lagMs: number,
    private readonly idleMs: number,
    state: WindowAggregatorState['inputs'] = [],
  ) {
    for (const { watermarkMs, activeAtMs } of state) {
      this.#inputs.push({ watermarkMs: watermarkFromJson(watermarkMs), activeAtMs });
    }
  }

  /** Adds an input, active from `nowMs` on. */
  open(nowMs: number): number {
    this.#inputs.push({ watermarkMs: -Infinity, activeAtMs: nowMs });
    return this.#inputs.length - 1;
  }

  /** The inputs that hold the watermark back at `nowMs`. */
  activeAt(nowMs: number): number[] {
    return [...this.#inputs.keys()].filter((input) => nowMs - this.#inputs[input]!.activeAtMs < this.idleMs);
  }

  /** Lets an input hold the watermark back from `nowMs` on, as an event of it would. */
  wake(input: number, nowMs: number): void {
    this.#inputs[input]!.activeAtMs = nowMs;
  }

  /** Takes note of an event. @returns the watermark of all inputs, −Infinity when that of this one did not rise */
  observe(input: number, timestampMs: number, nowMs: number): number {
    const state = this.#inputs[input]!;
    state.activeAtMs = nowMs;
    const watermarkMs = timestampMs - this.lagMs;
    if (watermarkMs <= state.watermarkMs) return -Infinity;
    state.watermarkMs = watermarkMs;
    let least = watermarkMs;
    for (const other of this.#inputs) {
      if (other.watermarkMs < least && nowMs - other.activeAtMs < this.idleMs) least = other.watermarkMs;
    }
    return least;
  }

  /**
   * The watermark of the inputs that are not idle at `nowMs`. When all are, event time goes on with the clock from the
   * highest, until `lastEndMs` of that one's latest event and no further; −Infinity without inputs.
   */
  at(nowMs: number, lastEndMs: (latestEventMs: number) => number): number {
    let highest = -Infinity;
    let activeAtMs = -Infinity;
    let least = Infinity;
    for (const input of this.#inputs) {
      highest = Math.max(highest, input.watermarkMs);
      activeAtMs = Math.max(activeAtMs, input.activeAtMs);
      if (nowMs - input.activeAtMs < this.idleMs) least = Math.min(least, input.watermarkMs);
    }
    if (least !== Infinity) return least;
    if (highest === -Infinity) return -Infinity;
    return Math.min(highest + (nowMs - activeAtMs), lastEndMs(highest + this.lagMs) - 1);
  }

  state(): WindowAggregatorState['inputs'] {
    return this.#inputs.map(({ watermarkMs, activeAtMs }) => ({
      watermarkMs: watermarkToJson(watermarkMs),
      activeAtMs,
    }));
  }
}
