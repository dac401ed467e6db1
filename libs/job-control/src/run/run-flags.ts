import type { Command } from 'commander';
import { type AwsFlags, clientToken, withAwsFlags, wholeNumber } from '../flags.js';

/** Flags of each `run`. */
export interface RunFlags extends AwsFlags {
  readonly clientToken?: string;
  readonly dryRun?: boolean;
  readonly jobTimeoutMinutes: number;
  readonly wait?: boolean;
}

/** Time that a command waits for longer than the service lets a job run: to be started, and to be told. */
const MARGIN_SECONDS = 900;

/** @param jobTimeoutMinutes after which the service ends a run, unless it is told */
export function withRunFlags(command: Command, jobTimeoutMinutes: number): Command {
  return withAwsFlags(command, jobTimeoutMinutes * 60 + MARGIN_SECONDS)
    .option('--wait', 'follow the run to its end; Ctrl-C cancels it')
    .option(
      '--client-token <text>',
      'name this start: the same name gives the same run (default: a new one)',
      clientToken,
    )
    .option(
      '--job-timeout-minutes <n>',
      'time after which the service ends the run',
      wholeNumber(1, 10_080),
      jobTimeoutMinutes,
    )
    .option('--dry-run', 'print what would be sent, and send nothing');
}
