import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../bin/pulselake.js', import.meta.url));

export interface ProgramOptions {
  /** What is piped in; the pipe stays open when it is an open stream. Default an empty one. */
  readonly stdin?: string;
  /** Whether standard input stays open after that. Default false. */
  readonly keepsOpen?: boolean;
  /** User and group to run as. Default the own ones. */
  readonly userId?: number;
  /** Sent one after the other, each after so many milliseconds. */
  readonly signals?: readonly { readonly afterMs: number; readonly signal: NodeJS.Signals }[];
  /** A line of a shell that runs the program as `"$@"`. Default just that. */
  readonly shell?: string;
}

export interface ProgramResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** Runs the command as a program of its own, which the test has built. One that hangs is killed after a minute. */
export async function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const { stdin = '', keepsOpen = false, userId, signals = [], shell = 'exec "$@"' } = options;
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', shell, 'sh', execPath, BIN, ...args], {
    timeout: 60_000,
    killSignal: 'SIGKILL',
    ...(userId !== undefined && { uid: userId, gid: userId }),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(stdin);
  if (!keepsOpen) child.stdin.end();
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const send = async () => {
    for (const { afterMs, signal } of signals) {
      await sleep(afterMs);
      child.kill(signal);
    }
  };
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), send()]);
  const [exitCode, signal] = await closed;
  return { exitCode, signal, stdout, stderr, tookMs: performance.now() - started };
}
