import { address, wholeNumber } from '@pulselake/job-control';
import { type Command, InvalidArgumentError } from 'commander';

/** Flags of every command. */
export interface OutputFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Flags of the commands that ask AWS. */
export interface AwsFlags extends OutputFlags {
  readonly region?: string;
  readonly endpoint?: string;
  readonly timeoutSeconds: number;
}

export interface ApplicationFlags extends AwsFlags {
  readonly application: string;
}

export function withOutputFlags(command: Command): Command {
  return command
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--json', 'print one JSON document')
    .option('--debug', 'show where an error comes from');
}

export function withAwsFlags(command: Command): Command {
  return withOutputFlags(command)
    .option('--region <name>', 'AWS region (default: that of the AWS configuration)')
    .option('--endpoint <url>', 'another address than that of AWS', address)
    .option('--timeout-seconds <n>', 'end the waiting after this time', wholeNumber(1, 86_400), 900);
}

export function withApplication(command: Command): Command {
  return withAwsFlags(command).requiredOption('--application <name>', 'the application in AWS', applicationName);
}

export function snapshotName(text: string): string {
  if (/^[a-zA-Z0-9_.-]{1,256}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be latest, none, or a name of 1 to 256 letters, digits, "_", "." or "-".');
}

function applicationName(text: string): string {
  if (/^[a-zA-Z0-9_.-]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a name of 1 to 128 letters, digits, "_", "." or "-".');
}
