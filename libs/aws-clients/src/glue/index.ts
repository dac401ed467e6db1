export type { CallOptions, ControlEnvironment } from '../control/call-service.js';
export * from '../control/errors.js';
export { isRetryable } from '../sdk/aws-client-error.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
export type { ServiceClientOptions } from '../sdk/service-client-options.js';
export { AwsGlueJobs, type GlueServiceOptions } from './aws-glue-jobs.js';
export { createGlueClient } from './create-glue-client.js';
export type * from './glue-jobs.js';
export { CLIENT_TOKEN_ARGUMENT, startGlueRunRequest } from './glue-requests.js';
