import type { ObjectStore } from '@pulselake/aws-clients/objects';
import { awsOptions, quietSdk } from './aws-options.js';
import { type CommandContext, UsageError } from './context.js';

/** Does something with the objects below `s3://BUCKET/PREFIX`, and gives the connections back. */
export async function withObjectStore<T>(
  context: CommandContext,
  uri: string,
  options: Readonly<Record<string, unknown>>,
  work: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  quietSdk();
  // The client is large: only what talks to S3 loads it.
  const { createObjectStoreClient, parseS3Location, S3ObjectStore } = await import('@pulselake/aws-clients/objects');
  const location = parseS3Location(uri);
  if (!location) throw new UsageError(`${uri} is no place in S3; it must be like s3://BUCKET/PREFIX.`);
  const client = createObjectStoreClient(awsOptions(options));
  try {
    const { clock } = context.io;
    return await work(new S3ObjectStore({ client, location, clock, random: Math.random }));
  } finally {
    client.destroy();
  }
}
