import { S3Client } from '@aws-sdk/client-s3';
import { http1Handler } from './http1-handler.js';

export interface JarStoreClientOptions {
  /** AWS region of the bucket; absent: the SDK's default (environment, shared configuration). */
  readonly region?: string | undefined;
  /** Address of something that speaks for S3; buckets are then named in the path. */
  readonly endpoint?: string | undefined;
  /** Time until a connection stands, default 5,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Time until a request is sent and answered, default 600,000: half a megabyte a second for the largest jar. */
  readonly requestTimeoutMs?: number | undefined;
  /** Time that a connection may be silent, default 30,000. */
  readonly silenceMs?: number | undefined;
}

/**
 * The SDK's client as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `S3JarStore` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 */
export function createJarStoreClient(options: JarStoreClientOptions = {}): S3Client {
  const { region, endpoint, connectionTimeoutMs = 5_000, requestTimeoutMs = 600_000, silenceMs = 30_000 } = options;
  return new S3Client({
    maxAttempts: 1,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestHandler: http1Handler({ connectionTimeoutMs, requestTimeoutMs, silenceMs }),
  });
}
