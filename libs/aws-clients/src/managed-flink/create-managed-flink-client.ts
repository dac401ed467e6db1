import { KinesisAnalyticsV2Client } from '@aws-sdk/client-kinesis-analytics-v2';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/**
 * The SDK's client as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `AwsManagedFlink` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 */
export function createManagedFlinkClient(options: ServiceClientOptions = {}): KinesisAnalyticsV2Client {
  return new KinesisAnalyticsV2Client(serviceClientConfiguration(options));
}
