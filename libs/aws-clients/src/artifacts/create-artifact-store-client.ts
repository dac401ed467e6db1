import { S3Client } from '@aws-sdk/client-s3';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/**
 * The SDK's client of S3 as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `S3ArtifactStore` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 *
 * @param options `requestTimeoutMs` by default 600,000: a megabyte a second for the largest artifact; `silenceMs` 30,000. With
 *   an `endpoint`, buckets are named in the path.
 */
export function createArtifactStoreClient(options: ServiceClientOptions = {}): S3Client {
  return new S3Client({
    ...serviceClientConfiguration(options, { requestTimeoutMs: 600_000, silenceMs: 30_000 }),
    ...(options.endpoint !== undefined && { forcePathStyle: true }),
  });
}
