import { EMRServerlessClient } from '@aws-sdk/client-emr-serverless';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/**
 * The SDK's client as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `AwsSparkJobs` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 */
export function createEmrServerlessClient(options: ServiceClientOptions = {}): EMRServerlessClient {
  return new EMRServerlessClient(serviceClientConfiguration(options));
}
