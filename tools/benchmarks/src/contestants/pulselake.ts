import process from 'node:process';
import { runPulselake } from 'pulselake';

/** The command itself. */
export async function pulselake(args: readonly string[]): Promise<string[]> {
  const { stdout, stderr, stdin, env } = process;
  const code = await runPulselake(args, {
    stdout,
    stderr,
    stdin,
    env,
    clock: () => Date.now(),
    signal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`pulselake ended with ${code}`);
  return [];
}
