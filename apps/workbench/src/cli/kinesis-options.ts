import type { Command } from 'commander';

/** `--kinesis`, `--region`, `--endpoint`. */
export interface KinesisOptions {
  readonly stream?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

export function addKinesisOptions(command: Command): Command {
  return command
    .option('--kinesis <stream>', 'the name of a Kinesis data stream; credentials come from the AWS default chain')
    .option('--region <region>', 'its AWS region (default: that of the AWS configuration)')
    .option('--endpoint <url>', 'another address of Kinesis, such as an emulator');
}

export function kinesisOptions(options: Readonly<Record<string, unknown>>): KinesisOptions {
  const { kinesis, region, endpoint } = options as Readonly<Record<string, string | undefined>>;
  return { ...(kinesis && { stream: kinesis }), ...(region && { region }), ...(endpoint && { endpoint }) };
}
