import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createKinesisClient, readStream } from '@pulselake/aws-clients/kinesis';
import { startKinesalite } from '@pulselake/fault-proxy';
import { onTestFinished, vi } from 'vitest';
import { type ProduceAccount, runProducer } from '../../src/index.js';

export interface RunOptions {
  readonly stdin?: Readable;
  readonly signal?: AbortSignal;
  readonly clock?: () => number;
}

/** Runs the command in this process. */
export async function run(args: readonly string[], options: RunOptions = {}) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await runProducer(args, {
    stdin: options.stdin ?? Readable.from([]),
    stdout,
    stderr,
    env: {},
    clock: options.clock ?? (() => Date.now()),
    random: () => Math.random(),
    signal: options.signal ?? new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, out, err, account: () => JSON.parse(out) as ProduceAccount };
}

/** A Kinesis of the test's own. */
export async function aKinesis(): Promise<string> {
  const server = await startKinesalite();
  onTestFinished(() => server.close());
  return server.url;
}

interface StoredEvent {
  readonly componentName: string;
  readonly metricName: string;
  readonly value: number;
  readonly eventId: string;
}

/** All that a stream holds: by shard, in order. */
export async function stored(endpoint: string, streamName: string) {
  const client = createKinesisClient({ endpoint, region: 'us-east-1' });
  const records: { readonly key: string; readonly event: StoredEvent }[] = [];
  for await (const batch of readStream(client, {
    streamName,
    from: 'earliest',
    untilCaughtUp: true,
    clock: () => Date.now(),
    random: () => Math.random(),
  })) {
    for (const { partitionKey, data } of batch.records) {
      records.push({ key: partitionKey, event: JSON.parse(Buffer.from(data).toString()) as StoredEvent });
    }
  }
  client.destroy();
  return records;
}

/** An event's line. */
export function eventLine(at: number, more: object = {}): string {
  return JSON.stringify({
    componentName: `service-${at % 5}`,
    metricName: 'cpu-usage',
    unit: 'percent',
    value: at,
    publicationTimestamp: new Date(Date.UTC(2024, 2, 1) + at * 1000).toISOString(),
    ...more,
  });
}
