import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesalite } from '@pulselake/fault-proxy';
import { onTestFinished, vi } from 'vitest';
import { createKinesisClient, ensureStream } from '../../../src/kinesis/index.js';

/** Time and chance for a library that has none of itself. */
export const environment = { clock: () => Date.now(), random: () => Math.random() };

/** A client that signs with keys which nobody checks. */
export function clientOf(endpoint: string, options: { requestTimeoutMs?: number } = {}): KinesisClient {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const client = createKinesisClient({ endpoint, region: 'us-east-1', ...options });
  onTestFinished(() => client.destroy());
  return client;
}

/** A stream on a kinesalite of the test's own. */
export class AStream {
  private constructor(
    readonly client: KinesisClient,
    readonly url: string,
    readonly streamName: string,
  ) {}

  static async make({ shards = 1, streamName = 'metrics' } = {}): Promise<AStream> {
    const server = await startKinesalite();
    onTestFinished(() => server.close());
    const client = clientOf(server.url);
    await ensureStream(client, { streamName, shards, pollMs: 10, ...environment });
    return new AStream(client, server.url, streamName);
  }

  /** Puts records in order, one request for 500; the key of each is its text's part before the dash. */
  async put(texts: readonly string[]): Promise<void> {
    for (let at = 0; at < texts.length; at += 500) {
      const Records = texts
        .slice(at, at + 500)
        .map((text) => ({ Data: Buffer.from(text), PartitionKey: text.split('-')[0]! }));
      await this.client.send(new PutRecordsCommand({ StreamName: this.streamName, Records }));
    }
  }

  async openShards(): Promise<string[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: this.streamName }));
    return Shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined).map(
      ({ ShardId }) => ShardId!,
    );
  }

  async split(shardId: string): Promise<void> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: this.streamName }));
    const { StartingHashKey, EndingHashKey } = Shards.find((shard) => shard.ShardId === shardId)!.HashKeyRange!;
    const middle = (BigInt(StartingHashKey!) + BigInt(EndingHashKey!)) / 2n;
    await this.client.send(
      new SplitShardCommand({
        StreamName: this.streamName,
        ShardToSplit: shardId,
        NewStartingHashKey: String(middle),
      }),
    );
    await this.untilActive();
  }

  async merge(shardId: string, adjacent: string): Promise<void> {
    await this.client.send(
      new MergeShardsCommand({
        StreamName: this.streamName,
        ShardToMerge: shardId,
        AdjacentShardToMerge: adjacent,
      }),
    );
    await this.untilActive();
  }

  private async untilActive(): Promise<void> {
    for (;;) {
      const { StreamDescriptionSummary: summary } = await this.client.send(
        new DescribeStreamSummaryCommand({ StreamName: this.streamName }),
      );
      if (summary?.StreamStatus === 'ACTIVE') return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
