import { addPackageCommand, addUploadCommand, type JobIo, jobProgram, runProgram } from '@pulselake/job-control';
import type { Command } from 'commander';
import { AWS_ACCESS, type EtlAccess } from './etl-access.js';
import { packEtl } from './pack-etl.js';
import { addRunCommand } from './run-command.js';
import { addStatusCommand } from './status-command.js';

/** Runs `pulselake-etl`. 0 done; 1 failed, or stopped before the end; 2 wrong usage. */
export function runEtl(args: readonly string[], io: JobIo, access: EtlAccess = AWS_ACCESS): Promise<number> {
  return runProgram(etlProgram(io, access), args, io);
}

/** The command's flags and help. */
export function etlProgram(io: JobIo, access: EtlAccess = AWS_ACCESS): Command {
  const program = jobProgram('pulselake-etl', 'Packages, uploads and runs the batches of metrics on AWS Glue.', io);
  addPackageCommand(program, io, packEtl);
  addUploadCommand(program, { io, pack: packEtl, access: access.artifacts });
  addRunCommand(program, io, access.glue);
  addStatusCommand(program, io, access.glue);
  return program;
}
