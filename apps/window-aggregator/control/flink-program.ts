import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import type { FlinkIo } from './flink-io.js';
import { addPackageCommand } from './package-command.js';
import { printableLines } from './printable.js';
import { addStartCommand } from './start-command.js';
import { addStatusCommand } from './status-command.js';
import { addStopCommand } from './stop-command.js';
import { addUploadCommand } from './upload-command.js';

/** Runs `pulselake-flink`. 0 done; 1 failed, or stopped before the end; 2 wrong usage. */
export async function runFlink(args: readonly string[], io: FlinkIo): Promise<number> {
  const program = flinkProgram(io);
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

/** The command's flags and help. */
export function flinkProgram(io: FlinkIo): Command {
  const program = new Command('pulselake-flink')
    .description('Starts and stops the window aggregator on Amazon Managed Service for Apache Flink.')
    .version('0.1.0')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printableLines(text)),
    });
  addPackageCommand(program, io);
  addUploadCommand(program, io);
  addStartCommand(program, io);
  addStopCommand(program, io);
  addStatusCommand(program, io);
  return program;
}
