import { clearLine, cursorTo } from 'node:readline';
import type { CommandIo } from './context.js';

/** One line on standard error that is written over while it is a terminal; silent elsewhere. */
export class ProgressLine {
  #shown = false;
  #lastMs = 0;

  constructor(private readonly io: CommandIo) {}

  /** Shows a state, at most ten times a second. */
  show(text: string): void {
    const { stderr, clock } = this.io;
    if (stderr.isTTY !== true || clock() - this.#lastMs < 100) return;
    this.#lastMs = clock();
    this.#erase();
    stderr.write(text.slice(0, 100));
    this.#shown = true;
  }

  /** Takes the line away. */
  done(): void {
    if (this.#shown) this.#erase();
    this.#shown = false;
  }

  #erase(): void {
    clearLine(this.io.stderr, 0);
    cursorTo(this.io.stderr, 0);
  }
}
