import { Readable, Writable } from 'node:stream';
import type { LakeFiles } from '@pulselake/lake';
import { runPulselake } from 'pulselake';

/** The time of every command: events and logs are of the day before. */
export const NOW_MS = Date.parse('2024-03-03T12:00:00Z');

export interface CommandOptions {
  readonly files?: LakeFiles;
  /** What arrives at standard input, default nothing. */
  readonly stdin?: AsyncIterable<string>;
  /** Milliseconds since the epoch; default {@link NOW_MS}. */
  readonly clock?: () => number;
}

/** How a command ended, and what it said. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pulselake` in this process. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [stdout, stderr] = [new Collector(), new Collector()];
  const exitCode = await runPulselake(args, {
    stdout,
    stderr,
    stdin: Readable.from(options.stdin ?? []),
    env: {},
    clock: options.clock ?? (() => NOW_MS),
    signal: new AbortController().signal,
    ...(options.files && { files: options.files }),
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
