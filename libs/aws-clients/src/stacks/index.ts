export * from '../control/errors.js';
export { AwsStacks, type AwsStacksOptions } from './aws-stacks.js';
export { createCloudFormationClient } from './create-cloudformation-client.js';
export type * from './stacks.js';
