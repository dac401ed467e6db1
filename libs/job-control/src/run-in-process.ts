import { randomUUID } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { JobIo } from './job-io.js';

export interface ProcessOptions extends Pick<JobIo, 'clock' | 'random' | 'home'> {
  readonly process: NodeJS.Process;
  /** @returns the exit code */
  readonly run: (args: readonly string[], io: JobIo) => Promise<number>;
}

/**
 * Runs a command as the process that is given, and ends it with the command's exit code. The first Ctrl-C asks the command to
 * stop, the second to leave, the third ends the process.
 */
export async function runInProcess({ process, run, ...own }: ProcessOptions): Promise<void> {
  const { stdout, stderr } = process;
  const stop = new AbortController();
  const leave = new AbortController();
  const steps = [() => stop.abort(), () => leave.abort()];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (steps.shift() ?? (() => process.exit(130)))());
  }
  stdout.on('error', () => process.exit(1));
  // Nobody is left to tell.
  stderr.on('error', () => undefined);

  // The SDK's release is pinned, and what it will want some day is no news to who starts a job.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

  const exitCode = await run(process.argv.slice(2), {
    ...own,
    stdout,
    stderr,
    sleep: (ms, signal) => sleepFor(ms, undefined, signal ? { signal } : {}),
    newToken: randomUUID,
    signal: stop.signal,
    leave: leave.signal,
  });
  // Standard output may be a pipe that is still being written.
  stdout.write('', () => process.exit(exitCode));
}
