import { S3Client } from '@aws-sdk/client-s3';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/** Said by nobody: the SDK would warn on the console that it cannot repeat a stream, which `S3ObjectStore` does. */
const silence = () => undefined;

/**
 * The SDK's client of S3 as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `S3ObjectStore` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 *
 * @param options `requestTimeoutMs` by default 600,000; `silenceMs` 30,000. With an `endpoint`, buckets are named in the path.
 */
export function createObjectStoreClient(options: ServiceClientOptions = {}): S3Client {
  return new S3Client({
    ...serviceClientConfiguration(options, { requestTimeoutMs: 600_000, silenceMs: 30_000, maxSockets: 16 }),
    ...(options.endpoint !== undefined && { forcePathStyle: true }),
    logger: { trace: silence, debug: silence, info: silence, warn: silence, error: silence },
  });
}
