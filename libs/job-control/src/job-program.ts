import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import type { JobIo } from './job-io.js';
import { printableLines } from './printable-lines.js';

/** A program without commands, whose words go where `io` says. */
export function jobProgram(name: string, description: string, io: Pick<JobIo, 'stdout' | 'stderr'>): Command {
  return new Command(name)
    .description(description)
    .version('0.1.0')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printableLines(text)),
    });
}

/** Runs a program. 0 done; 1 failed, or stopped before the end; 2 wrong usage. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  io: Pick<JobIo, 'stderr'>,
): Promise<number> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { message, stack = message } = error as Error;
    io.stderr.write(`${printableLines(args.includes('--debug') ? stack : message)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
