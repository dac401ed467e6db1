import { KinesisClient } from '@aws-sdk/client-kinesis';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/** Connections at a time by default 50. */
export type KinesisClientOptions = ServiceClientOptions;

/**
 * The SDK's client as this library wants it: HTTP/1.1 with connections kept alive, timeouts that end the request, and no
 * attempts of its own, since sink, reader and `ensureStream` repeat what failed. Credentials come from the SDK's default chain
 * and from nowhere else.
 *
 * @example
 * const client = createKinesisClient({ region: 'eu-central-1' });
 */
export function createKinesisClient(options: KinesisClientOptions = {}): KinesisClient {
  return new KinesisClient(serviceClientConfiguration(options, { maxSockets: 50 }));
}
