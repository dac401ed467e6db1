export type { CallOptions } from '../control/call-service.js';
export * from '../control/errors.js';
export type { ServiceClientOptions } from '../sdk/service-client-options.js';
export { emptyBucket, type EmptyBucketOptions } from './empty-bucket.js';
export { createObjectStoreClient } from './create-object-store-client.js';
export type * from './object-store.js';
export { parseS3Location, type S3Location } from './s3-location.js';
export { MAX_OBJECT_BYTES, S3ObjectStore, type S3ObjectStoreOptions } from './s3-object-store.js';
