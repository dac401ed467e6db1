import { addPackageCommand, addUploadCommand, type JobIo, jobProgram, runProgram } from '@pulselake/job-control';
import type { Command } from 'commander';
import { packTraffic } from './pack-traffic.js';
import { addRunCommand } from './run-command.js';
import { addStatusCommand } from './status-command.js';
import { AWS_ACCESS, type TrafficAccess } from './traffic-access.js';

/** Runs `pulselake-traffic`. 0 done; 1 failed, or stopped before the end; 2 wrong usage. */
export function runTraffic(args: readonly string[], io: JobIo, access: TrafficAccess = AWS_ACCESS): Promise<number> {
  return runProgram(trafficProgram(io, access), args, io);
}

/** The command's flags and help. */
export function trafficProgram(io: JobIo, access: TrafficAccess = AWS_ACCESS): Command {
  const program = jobProgram(
    'pulselake-traffic',
    'Packages, uploads and runs the traffic report on Amazon EMR Serverless.',
    io,
  );
  addPackageCommand(program, io, packTraffic);
  addUploadCommand(program, { io, pack: packTraffic, access: access.artifacts });
  addRunCommand(program, io, access);
  addStatusCommand(program, io, access);
  return program;
}
