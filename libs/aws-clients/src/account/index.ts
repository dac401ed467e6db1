export type { CallOptions } from '../control/call-service.js';
export * from '../control/errors.js';
export type { ServiceClientOptions } from '../sdk/service-client-options.js';
export type * from './account.js';
export { type AccountClients, createAccountClients } from './create-account-clients.js';
export { SdkAwsAccount, type SdkAwsAccountOptions } from './sdk-aws-account.js';
