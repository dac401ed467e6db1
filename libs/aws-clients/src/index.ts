export { AthenaQueryEngine, type AthenaQueryEngineOptions } from './athena/athena-query-engine.js';
export { createAthenaClient, type AthenaClientOptions } from './athena/create-athena-client.js';
export * from './athena/errors.js';
export { DEFAULT_PRICE_PER_TB_USD, queryCost } from './athena/query-cost.js';
export { isRetryable } from './sdk/aws-client-error.js';
