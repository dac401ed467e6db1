import { GlueClient } from '@aws-sdk/client-glue';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/**
 * The SDK's client as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `AwsGlueJobs` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 */
export function createGlueClient(options: ServiceClientOptions = {}): GlueClient {
  return new GlueClient(serviceClientConfiguration(options));
}
