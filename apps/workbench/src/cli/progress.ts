import { clearLine, cursorTo } from 'node:readline';
import type { CommandIo } from './context.js';
import { printable } from './format.js';

const BAR_WIDTH = 20;
const LINE_WIDTH = 100;
const EVERY_MS = 100;

/** A progress bar on standard error that is written over while it is a terminal; silent elsewhere. */
export class ProgressBar {
  #shown = false;
  #lastMs = 0;

  constructor(private readonly io: CommandIo) {}

  /** Shows a state, at most ten times a second. `share` runs from 0 to 1; without it there is no bar. */
  show(text: string, share?: number): void {
    const { stderr, clock } = this.io;
    if (stderr.isTTY !== true || Math.abs(clock() - this.#lastMs) < EVERY_MS) return;
    this.#lastMs = clock();
    this.#erase();
    stderr.write(`${share === undefined ? '' : `${bar(share)} `}${printable(text)}`.slice(0, LINE_WIDTH));
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

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}
