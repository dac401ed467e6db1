import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface KinesisClientOptions {
  /** AWS region; absent: the SDK's default (environment, shared configuration). */
  readonly region?: string;
  /** Address of something that speaks for Kinesis, for example an emulator. */
  readonly endpoint?: string;
  /** Time until a connection stands, default 5,000. */
  readonly connectionTimeoutMs?: number;
  /** Time until a request is answered, default 30,000. The request is then ended. */
  readonly requestTimeoutMs?: number;
  /** Connections at a time, default 50. */
  readonly maxSockets?: number;
  /** Attempts of each request by the SDK itself. Default 1: sink, reader and `ensureStream` repeat what failed. */
  readonly maxAttempts?: number;
}

/**
 * The SDK's client as this library wants it: HTTP/1.1 with connections kept alive, and timeouts that end the request.
 * Credentials come from the SDK's default chain and from nowhere else.
 *
 * The SDK's own default speaks HTTP/2 and opens a session for each request, which emulators do not understand.
 *
 * @example
 * const client = createKinesisClient({ region: 'eu-central-1' });
 */
export function createKinesisClient(options: KinesisClientOptions = {}): KinesisClient {
  const { region, endpoint, connectionTimeoutMs = 5_000, requestTimeoutMs = 30_000 } = options;
  const { maxSockets = 50, maxAttempts = 1 } = options;
  const agent = { keepAlive: true, maxSockets };
  return new KinesisClient({
    maxAttempts,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // An answer that begins and then stalls.
      socketTimeout: requestTimeoutMs,
      // Without it the handler only warns.
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    }),
  });
}
