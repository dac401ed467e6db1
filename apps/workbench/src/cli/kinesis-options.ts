import type { Command } from 'commander';
import type { StreamRead } from '../pipelines/stream-source.js';
import type { CommandContext } from './context.js';

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

/** Reads the stream of the options, to its end with `--until-caught-up`. */
export async function streamReader(
  { io }: CommandContext,
  { stream = '', region, endpoint }: KinesisOptions,
  options: Readonly<Record<string, unknown>>,
): Promise<(positions: ReadonlyMap<string, string>) => AsyncGenerator<StreamRead>> {
  // Only what talks to Kinesis loads its client.
  const { createKinesisClient, readStream } = await import('@pulselake/aws-clients/kinesis');
  return async function* (positions) {
    const client = createKinesisClient({ ...(region && { region }), ...(endpoint && { endpoint }) });
    try {
      yield* readStream(client, {
        streamName: stream,
        from: 'earliest',
        positions,
        untilCaughtUp: options['untilCaughtUp'] === true,
        clock: io.clock,
        random: Math.random,
        signal: io.signal,
      });
    } finally {
      client.destroy();
    }
  };
}
