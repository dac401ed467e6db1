import { ListShardsCommand, type KinesisClient, type Shard } from '@aws-sdk/client-kinesis';
import { KinesisUnreachableError } from './errors.js';
import { withRetries, type RetryOptions } from './with-retries.js';

/** All shards of a stream that still hold records or may get some, closed ones included. */
export async function listShards(client: Pick<KinesisClient, 'send'>, options: RetryOptions): Promise<Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const command = new ListShardsCommand(
      token === undefined ? { StreamName: options.streamName } : { NextToken: token },
    );
    const { Shards: page, NextToken: next } = await withRetries(async (abortSignal) => {
      const output = await client.send(command, { abortSignal });
      if (!Array.isArray(output.Shards)) throw new KinesisUnreachableError('The answer is not one of Kinesis.');
      return output;
    }, options);
    shards.push(...page!);
    token = next;
  } while (token !== undefined);
  return shards;
}
