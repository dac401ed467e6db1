import { env } from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';

/** `--region`, `--endpoint`: where on AWS. */
export interface AwsOptions {
  readonly region?: string;
  readonly endpoint?: string;
}

export function addAwsOptions(command: Command): Command {
  return command
    .option('--region <name>', 'the AWS region (default: that of the AWS configuration)')
    .option('--endpoint <url>', 'another address of AWS, such as an emulator', endpointArgument);
}

export function awsOptions(options: Readonly<Record<string, unknown>>): AwsOptions {
  const { region, endpoint } = options as AwsOptions;
  return { ...(region !== undefined && { region }), ...(endpoint !== undefined && { endpoint }) };
}

/** What the SDK warns of is for those who build this command, not for those who run it. */
export function quietSdk(): void {
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** `--env NAME`. */
export function environmentArgument(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,10}$/.test(text) || text.endsWith('-'))
    throw new InvalidArgumentError('It must be a name like dev: up to 11 small letters, digits and hyphens.');
  return text;
}

function endpointArgument(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('It must be an address like http://127.0.0.1:4566.');
}
