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
    .option('--timeout-seconds <n>', 'end the waiting after this time', seconds, 900);
}

export function withApplication(command: Command): Command {
  return withAwsFlags(command).requiredOption('--application <name>', 'the application in AWS', applicationName);
}

export function bucketName(text: string): string {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the name of a bucket: 3 to 63 small letters, digits, "." or "-".');
}

/** Keys and their beginnings. */
export function keyText(text: string): string {
  if (Buffer.byteLength(text) <= 900 && !/^\/|^s3:/.test(text)) return text;
  throw new InvalidArgumentError('It must be a key of at most 900 bytes, without bucket and leading slash.');
}

export function snapshotName(text: string): string {
  if (/^[a-zA-Z0-9_.-]{1,256}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be latest, none, or a name of 1 to 256 letters, digits, "_", "." or "-".');
}

function applicationName(text: string): string {
  if (/^[a-zA-Z0-9_.-]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a name of 1 to 128 letters, digits, "_", "." or "-".');
}

function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('It must be an address that begins with http:// or https://.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 86_400) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 86400.');
}
