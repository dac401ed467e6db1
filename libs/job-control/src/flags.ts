import { type Command, InvalidArgumentError } from 'commander';

/** A week. */
export const MAX_TIMEOUT_SECONDS = 604_800;

/** Flags of every command. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Flags of the commands that ask AWS. */
export interface AwsFlags extends OutputFlags {
  readonly region?: string;
  readonly endpoint?: string;
  readonly timeoutSeconds: number;
}

export function withOutputFlags(command: Command): Command {
  return command.option('--json', 'print one JSON document').option('--debug', 'show where an error comes from');
}

/** @param timeoutSeconds how long the command takes at most, unless it is told */
export function withAwsFlags(command: Command, timeoutSeconds: number): Command {
  return withAddressFlags(command).option(
    '--timeout-seconds <n>',
    'end the waiting after this time',
    wholeNumber(1, MAX_TIMEOUT_SECONDS),
    timeoutSeconds,
  );
}

/** Where AWS is. */
export function withAddressFlags(command: Command): Command {
  return withOutputFlags(command)
    .option('--region <name>', 'AWS region (default: that of the AWS configuration)')
    .option('--endpoint <url>', 'another address than that of AWS', address);
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

export function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('It must be an address that begins with http:// or https://.');
}

/** `s3://bucket` or `s3://bucket/prefix`. */
export function s3Uri(text: string): string {
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/.test(text)) return text;
  throw new InvalidArgumentError('It must be a place in S3: s3://bucket/prefix.');
}

/** A day that there is, `YYYY-MM-DD`. */
export function day(text: string): string {
  const read = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  if (!Number.isNaN(read.getTime()) && read.toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError('It must be a day: YYYY-MM-DD.');
}

/** What names one start: EMR Serverless' own rule, kept for Glue too. */
export function clientToken(text: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, ".", "_" or "-".');
}

/** @param from inclusive @param to inclusive */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
