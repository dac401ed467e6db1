import type { Command } from 'commander';
import { type AwsFlags, clientToken, MAX_TIMEOUT_SECONDS, withAddressFlags, wholeNumber } from '../flags.js';

/** Flags of each `run`. */
export interface RunFlags extends Omit<AwsFlags, 'timeoutSeconds'> {
  readonly clientToken?: string;
  readonly dryRun?: boolean;
  readonly jobTimeoutMinutes: number;
  readonly timeoutSeconds?: number;
  readonly wait?: boolean;
}

/** Time that a command waits for longer than the service lets a job run: to be started, and to be told. */
const MARGIN_SECONDS = 900;

/** @param jobTimeoutMinutes after which the service ends a run, unless it is told */
export function withRunFlags(command: Command, jobTimeoutMinutes: number): Command {
  return withAddressFlags(command)
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
    .option(
      '--timeout-seconds <n>',
      "end the waiting after this time (default: the job's and 15 minutes)",
      wholeNumber(1, MAX_TIMEOUT_SECONDS),
    )
    .option('--dry-run', 'print what would be sent, and send nothing');
}

/** How long the command takes at most. Pure. */
export function runTimeoutSeconds({ timeoutSeconds, jobTimeoutMinutes }: RunFlags): number {
  return timeoutSeconds ?? jobTimeoutMinutes * 60 + MARGIN_SECONDS;
}
