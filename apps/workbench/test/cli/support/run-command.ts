import { Readable, Writable } from 'node:stream';
import { expect } from 'vitest';
import { type CommandIo, type ExitCode, runPulselake } from '../../../src/index.js';

/** The clock of commands in tests, unless a test has its own. */
export const NOW_MS = Date.parse('2024-06-01T12:00:00Z');

export interface CommandOptions {
  /** What arrives; a stream may stay open. Default nothing. */
  readonly stdin?: Iterable<Uint8Array | string> | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: () => number;
  readonly signal?: AbortSignal;
  /** Whether standard output and error are a terminal. Default false. */
  readonly isTerminal?: boolean;
  /** Whether a stack trace is what was asked for. Default false. */
  readonly showsTraces?: boolean;
  /** Told each text on standard output. */
  readonly onOutput?: (text: string) => void;
}

export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Standard output or error, kept as text. */
class Collector extends Writable {
  text = '';

  constructor(
    readonly isTTY: boolean,
    private readonly onText?: (text: string) => void,
  ) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.onText?.(chunk.toString());
    done();
  }
}

/** Runs a command in this process. Whatever it prints must hold no stack trace, nor blame a bug. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const stdout = new Collector(options.isTerminal ?? false, options.onOutput);
  const stderr = new Collector(options.isTerminal ?? false);
  const io: CommandIo = {
    stdout,
    stderr,
    stdin:
      options.stdin instanceof Readable ? options.stdin : Readable.from(options.stdin ?? [], { objectMode: false }),
    env: options.env ?? {},
    clock: options.clock ?? (() => NOW_MS),
    signal: options.signal ?? new AbortController().signal,
  };
  const exitCode = await runPulselake(args, io);
  const result = { exitCode, stdout: stdout.text, stderr: stderr.text };
  for (const text of options.showsTraces ? [] : [result.stdout, result.stderr]) {
    expect(text).not.toMatch(/^\s+at .+:\d+|bug in pulselake/m);
  }
  return result;
}
