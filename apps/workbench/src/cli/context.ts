import { styleText } from 'node:util';
import { Lake, type LakeFiles } from '@pulselake/lake';

/** The process around a command, so that tests can run commands without one. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stdin: NodeJS.ReadableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Aborted by Ctrl-C and by the system's wish that the command ends. */
  readonly signal: AbortSignal;
  /** How lakes change their folders. Default the real file system. */
  readonly files?: LakeFiles;
}

/** Options that every command has. */
export interface GlobalOptions {
  readonly lake: string;
  readonly json?: boolean;
  readonly wait: boolean;
  readonly debug?: boolean;
}

/** How a command ended. 0 done; 1 the check or run failed; 2 wrong usage; 3 done, but records were rejected and `--strict`. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A wrong argument: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command works with. */
export class CommandContext {
  constructor(
    readonly io: CommandIo,
    readonly options: GlobalOptions,
    /** The command as the user typed it, shown to others who wait for the lake. */
    readonly command: string,
  ) {}

  /** Prints a result: one JSON document with `--json`, else the lines. */
  result(document: unknown, lines: readonly string[]): void {
    if (this.options.json) this.io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    else if (lines.length > 0) this.io.stdout.write(`${lines.join('\n')}\n`);
  }

  /** Tells people something beside the result, on standard error. */
  say(message: string): void {
    this.io.stderr.write(`${message}\n`);
  }

  /**
   * Opens the lake of `--lake`. `create` makes one where there is none. With `finishes` the stop signal does not end a
   * wait for the lock: a stream still has to commit after it. With `readsOnly` the lake need not be writable.
   */
  openLake(create: boolean, { finishes = false, readsOnly = false } = {}): Promise<Lake> {
    return Lake.open(this.options.lake, {
      command: this.command,
      clock: this.io.clock,
      create,
      readsOnly,
      noWait: !this.options.wait,
      onMessage: (message) => this.say(message),
      ...(!finishes && { signal: this.io.signal }),
      ...(this.io.files && { files: this.io.files }),
    });
  }

  /** Coloured only on a terminal that wants it. */
  paint(
    format: 'green' | 'red' | 'yellow' | 'bold' | 'dim',
    text: string,
    stream: 'stdout' | 'stderr' = 'stdout',
  ): string {
    const { env } = this.io;
    const colours = this.io[stream].isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    // Node would look at its own standard output instead of the stream that this text goes to.
    return colours ? styleText(format, text, { validateStream: false }) : text;
  }
}
