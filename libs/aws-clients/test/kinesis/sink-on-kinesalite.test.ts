import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { KinesisRecordSink, type Outcome, readStream } from '../../src/kinesis/index.js';
import { putRecordsBody } from '../../src/kinesis/compact-put-records.js';
import { AStream, environment } from './support/a-stream.js';

it('puts into a stream what a reader then finds, bytes and keys', async () => {
  const stream = await AStream.make({ shards: 3 });
  const outcomes: Outcome[] = [];
  const sink = new KinesisRecordSink({
    client: stream.client,
    streamName: stream.streamName,
    onSettled: (outcome) => outcomes.push(outcome),
    ...environment,
  });
  const keys = ['plain', 'quote"back\\slash', 'ünï🛒', 'tab\tline\n'];
  const put = Array.from({ length: 2_500 }, (_, at) => ({
    partitionKey: keys[at % 4]!,
    data: Uint8Array.of(at & 255, at >> 8, 0, 255),
  }));
  for (const record of put) await sink.put(record);
  expect(await sink.close()).toMatchObject({ accepted: 2_500, failed: 0 });
  const read: { partitionKey: string; data: number[] }[] = [];
  const places = new Set<string>();
  for await (const { records } of readStream(stream.client, {
    streamName: stream.streamName,
    from: 'earliest',
    untilCaughtUp: true,
    ...environment,
  })) {
    for (const { shardId, sequenceNumber, partitionKey, data } of records) {
      places.add(`${shardId}/${sequenceNumber}`);
      read.push({ partitionKey, data: [...data] });
    }
  }
  for (const key of keys) {
    const ofKey = ({ partitionKey }: { partitionKey: string }) => partitionKey === key;
    expect(read.filter(ofKey)).toEqual(
      put.filter(ofKey).map(({ partitionKey, data }) => ({ partitionKey, data: [...data] })),
    );
  }
  const told = outcomes.map((outcome) =>
    outcome.status === 'accepted' ? `${outcome.shardId}/${outcome.sequenceNumber}` : outcome.reason,
  );
  expect(new Set(told)).toEqual(places);
});

it('fails every record when there is no such stream', async () => {
  const { client } = await AStream.make();
  const sink = new KinesisRecordSink({ client, streamName: 'other', ...environment });
  await sink.put({ partitionKey: 'k', data: Buffer.from('a') });
  expect(await sink.close()).toMatchObject({ failed: 1, failedByReason: { 'stream-missing': 1 } });
});

it('writes the body that the SDK would write', async () => {
  const { client } = await AStream.make();
  const records = [
    { PartitionKey: 'a', Data: Buffer.from([0, 1, 254, 255]) },
    { PartitionKey: 'quote" back\\ ünï🛒 \u0001 \ud800', Data: new Uint8Array([7, 8, 9]).subarray(1) },
  ];
  const command = new PutRecordsCommand({
    StreamName: 'metrics',
    Records: records,
  });
  let body = '';
  command.middlewareStack.add(
    () => (args) => {
      body = new TextDecoder().decode((args.request as { body: Uint8Array }).body);
      return Promise.reject(new Error('seen'));
    },
    { step: 'build' },
  );
  await expect(client.send(command)).rejects.toThrow('seen');
  expect(JSON.parse(putRecordsBody('metrics', records).toString())).toEqual(JSON.parse(body));
});
