import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/** The SDK's client of CloudFormation as this library wants it; `AwsStacks` repeats what may be repeated. */
export function createCloudFormationClient(options: ServiceClientOptions = {}): CloudFormationClient {
  return new CloudFormationClient(serviceClientConfiguration(options));
}
