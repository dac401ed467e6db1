import { startKinesalite } from '@pulselake/fault-proxy';
import { expect, it, onTestFinished } from 'vitest';
import { ensureStream, KinesisDeadlineError, KinesisUnreachableError } from '../../src/kinesis/index.js';
import { clientOf, environment } from './support/a-stream.js';

it('makes a stream once, however often and by how many it is asked', async () => {
  const server = await startKinesalite();
  onTestFinished(() => server.close());
  const client = clientOf(server.url);
  const ensure = () => ensureStream(client, { streamName: 'metrics', shards: 2, pollMs: 10, ...environment });
  const made = await Promise.all([ensure(), ensure(), ensure()]);
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await ensure()).toBe(false);
});

it('fails when the stream is not there in time', async () => {
  const server = await startKinesalite({ stateChangeMs: 10_000 });
  onTestFinished(() => server.close());
  const client = clientOf(server.url);
  const ensuring = ensureStream(client, { streamName: 'slow', shards: 1, pollMs: 20, deadlineMs: 200, ...environment });
  await expect(ensuring).rejects.toThrow(/"slow" is CREATING/);
});

it('fails when nothing answers', async () => {
  const client = clientOf('http://127.0.0.1:1');
  const ensuring = ensureStream(client, { streamName: 'metrics', shards: 1, deadlineMs: 300, ...environment });
  const error = await ensuring.catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(KinesisDeadlineError);
  expect((error as Error).cause).toBeInstanceOf(KinesisUnreachableError);
});
