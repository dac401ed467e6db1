import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { AthenaClient } from '@aws-sdk/client-athena';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface AthenaClientOptions {
  /** AWS region; absent: the SDK's default (environment, shared configuration). */
  readonly region?: string;
  /** Address of something that speaks for Athena, for example the local endpoint of `pulselake serve`. */
  readonly endpoint?: string;
  /** Keys to sign with instead of those of the SDK's default chain: for emulators, which do not check them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Time until a connection stands, default 5,000. */
  readonly connectionTimeoutMs?: number;
  /** Time until a request is answered, default 30,000; each retry has as much again. */
  readonly requestTimeoutMs?: number;
  /** Attempts of each request, the first included. Default 4. */
  readonly maxAttempts?: number;
}

/**
 * The SDK's client as this library wants it: HTTP/1.1 with connections kept alive, and timeouts that end the request.
 * Without `credentials` those of the SDK's default chain are used.
 *
 * @example
 * const client = createAthenaClient({ region: 'eu-central-1' });
 */
export function createAthenaClient(options: AthenaClientOptions = {}): AthenaClient {
  const { region, endpoint, connectionTimeoutMs = 5_000, requestTimeoutMs = 30_000, maxAttempts = 4 } = options;
  const { credentials } = options;
  const agent = { keepAlive: true, maxSockets: 50 };
  return new AthenaClient({
    maxAttempts,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials: { ...credentials } }),
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
