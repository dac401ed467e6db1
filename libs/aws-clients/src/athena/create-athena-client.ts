import { AthenaClient } from '@aws-sdk/client-athena';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/** Attempts of each request by default 4, each of them with `requestTimeoutMs` of its own; connections at a time 50. */
export interface AthenaClientOptions extends ServiceClientOptions {
  /** Keys to sign with instead of those of the SDK's default chain: for emulators, which do not check them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * The SDK's client as this library wants it: HTTP/1.1 with connections kept alive, and timeouts that end the request.
 * Without `credentials` those of the SDK's default chain are used.
 *
 * @example
 * const client = createAthenaClient({ region: 'eu-central-1' });
 */
export function createAthenaClient({ credentials, ...options }: AthenaClientOptions = {}): AthenaClient {
  return new AthenaClient({
    ...serviceClientConfiguration(options, { maxAttempts: 4, maxSockets: 50 }),
    ...(credentials && { credentials: { ...credentials } }),
  });
}
