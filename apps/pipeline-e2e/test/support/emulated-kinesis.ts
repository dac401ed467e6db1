import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createKinesisClient, ensureStream } from '@pulselake/aws-clients/kinesis';
import { EMULATOR_ENV } from './run-program.js';

const kinesalite = createRequire(import.meta.url)('kinesalite') as (options: object) => Server;

/** Where hash keys begin that belong to the n-th of two shards. */
const SECOND_HALF = (1n << 127n).toString();
const TURNS = 200;
const REQUEST_RECORDS = 500;
const REQUEST_BYTES = 4 * 1024 * 1024;

/** Kinesis on loopback, in this process. */
export class EmulatedKinesis {
  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
    readonly client: KinesisClient,
  ) {}

  static async start(): Promise<EmulatedKinesis> {
    Object.assign(process.env, EMULATOR_ENV);
    const server = kinesalite({ createStreamMs: 20, deleteStreamMs: 20, updateStreamMs: 20, shardLimit: 100 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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

  async stop(): Promise<void> {
    this.client.destroy();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
