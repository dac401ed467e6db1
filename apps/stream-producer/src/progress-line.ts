import { clearLine, cursorTo } from 'node:readline';

const EVERY_MS = 100;

/** One line on a terminal that is written over; silent elsewhere. */
export class ProgressLine {
  #shown = false;
  #lastMs = -Infinity;

  constructor(
    private readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
    private readonly clock: () => number,
  ) {}

  show(text: string): void {
    const now = this.clock();
    if (this.stream.isTTY !== true || now - this.#lastMs < EVERY_MS) return;
    this.#lastMs = now;
    this.#erase();
    this.stream.write(text);
    this.#shown = true;
  }

  done(): void {
    if (this.#shown) this.#erase();
    this.#shown = false;
  }

  #erase(): void {
    clearLine(this.stream, 0);
    cursorTo(this.stream, 0);
  }
}
