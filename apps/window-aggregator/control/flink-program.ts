import { jobProgram, runProgram } from '@pulselake/job-control';
import type { Command } from 'commander';
import type { FlinkIo } from './flink-io.js';
import { addPackageCommand } from './package-command.js';
import { addStartCommand } from './start-command.js';
import { addStatusCommand } from './status-command.js';
import { addStopCommand } from './stop-command.js';
import { addUploadCommand } from './upload-command.js';

/** Runs `pulselake-flink`. 0 done; 1 failed, or stopped before the end; 2 wrong usage. */
export function runFlink(args: readonly string[], io: FlinkIo): Promise<number> {
  return runProgram(flinkProgram(io), args, io);
}

/** The command's flags and help. */
export function flinkProgram(io: FlinkIo): Command {
  const program = jobProgram(
    'pulselake-flink',
    'Starts and stops the window aggregator on Amazon Managed Service for Apache Flink.',
    io,
  );
  addPackageCommand(program, io);
  addUploadCommand(program, io);
  addStartCommand(program, io);
  addStopCommand(program, io);
  addStatusCommand(program, io);
  return program;
}
