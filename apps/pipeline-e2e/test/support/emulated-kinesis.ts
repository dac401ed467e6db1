import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { createKinesisClient, ensureStream } from '@pulselake/aws-clients/kinesis';
import { type RunningServer, startKinesalite } from '@pulselake/fault-proxy';
import { EMULATOR_ENV } from './run-program.js';

/** Where hash keys begin that belong to the n-th of two shards. */
const SECOND_HALF = (1n << 127n).toString();
const TURNS = 200;
const REQUEST_RECORDS = 500;
const REQUEST_BYTES = 4 * 1024 * 1024;

/** Kinesis on loopback, in this process. */
export class EmulatedKinesis {
  private constructor(
    private readonly server: RunningServer,
    readonly endpoint: string,
    readonly client: KinesisClient,
  ) {}

  static async start(): Promise<EmulatedKinesis> {
    Object.assign(process.env, EMULATOR_ENV);
    const server = await startKinesalite({ shardLimit: 100 });
    const endpoint = server.url;
    return new EmulatedKinesis(server, endpoint, createKinesisClient({ region: EMULATOR_ENV.AWS_REGION, endpoint }));
  }

  async makeStream(streamName: string, shards: number): Promise<void> {
    await ensureStream(this.client, { streamName, shards, clock: Date.now, random: Math.random });
  }

  /** Puts records into the n-th of two shards, in their order. @returns how many */
  async put(streamName: string, shard: number, records: readonly Buffer[]): Promise<number> {
    for (let start = 0; start < records.length;) {
      let end = start;
      let bytes = 0;
      while (end < records.length && end - start < REQUEST_RECORDS && bytes < REQUEST_BYTES)
        bytes += records[end++]!.length;
      const answer = await this.client.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: records
            .slice(start, end)
            .map((Data) => ({ Data, PartitionKey: 'key', ExplicitHashKey: shard === 0 ? '0' : SECOND_HALF })),
        }),
      );
      if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} records were not taken.`);
      start = end;
    }
    return records.length;
  }

  /** Puts the records of two shards in turns, so that neither is far ahead of the other. @returns how many */
  async putSideBySide(streamName: string, shards: readonly (readonly Buffer[])[]): Promise<number> {
    let sent = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [shard, records] of shards.entries()) {
        const [start, end] = [turn, turn + 1].map((at) => Math.floor((records.length * at) / TURNS));
        sent += await this.put(streamName, shard, records.slice(start, end));
      }
    }
    return sent;
  }

  /** Puts records by their partition keys, as producers do. @returns how many */
  async putByKey(
    streamName: string,
    records: readonly { readonly key: string; readonly data: Buffer }[],
  ): Promise<number> {
    for (let start = 0; start < records.length; start += REQUEST_RECORDS) {
      const answer = await this.client.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: records
            .slice(start, start + REQUEST_RECORDS)
            .map(({ key, data }) => ({ Data: data, PartitionKey: key })),
        }),
      );
      if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} records were not taken.`);
    }
    return records.length;
  }

  /** The shards that take records. */
  async openShards(streamName: string): Promise<Shard[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: streamName }));
    return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
  }

  async split(streamName: string, { ShardId, HashKeyRange }: Shard): Promise<void> {
    const [start, end] = [BigInt(HashKeyRange!.StartingHashKey!), BigInt(HashKeyRange!.EndingHashKey!)];
    const middle = ((start + end) / 2n).toString();
    await this.client.send(
      new SplitShardCommand({ StreamName: streamName, ShardToSplit: ShardId, NewStartingHashKey: middle }),
    );
    await this.#settled(streamName);
  }

  async merge(streamName: string, first: Shard, second: Shard): Promise<void> {
    await this.client.send(
      new MergeShardsCommand({
        StreamName: streamName,
        ShardToMerge: first.ShardId,
        AdjacentShardToMerge: second.ShardId,
      }),
    );
    await this.#settled(streamName);
  }

  async deleteStream(streamName: string): Promise<void> {
    await this.client.send(new DeleteStreamCommand({ StreamName: streamName }));
  }

  async #settled(streamName: string): Promise<void> {
    for (;;) {
      const { StreamDescriptionSummary } = await this.client.send(
        new DescribeStreamSummaryCommand({ StreamName: streamName }),
      );
      if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.server.close();
  }
}
