export type { CallOptions, ControlEnvironment } from '../control/call-service.js';
export * from '../control/errors.js';
export { isRetryable } from '../sdk/aws-client-error.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
export type { ServiceClientOptions } from '../sdk/service-client-options.js';
export { AwsSparkJobs, type EmrServerlessOptions } from './aws-spark-jobs.js';
export { createEmrServerlessClient } from './create-emr-serverless-client.js';
export type * from './spark-jobs.js';
export { startSparkRunRequest } from './spark-requests.js';
