export { createKinesisClient, type KinesisClientOptions } from './create-kinesis-client.js';
export { ensureStream, type EnsureStreamOptions } from './ensure-stream.js';
export * from './errors.js';
export { isRetryable } from '../sdk/aws-client-error.js';
export { readStream, type ReadStreamOptions } from './read-stream.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
export type { ReadRecord, StreamBatch } from './stream-batch.js';
export { SHARD_END, TRIM_HORIZON } from './stream-position.js';
export type { CallEnvironment } from '../sdk/call-environment.js';
export { KinesisRecordSink, type KinesisRecordSinkOptions } from './kinesis-record-sink.js';
export {
  planPutRecords,
  PUT_RECORDS_QUOTA,
  type PutRecordsPlan,
  type PutRecordsQuota,
  type SizedRecord,
} from './plan-put-records.js';
export type { FailureReason, Outcome, RecordSink, Settlement, StreamRecord } from './record-sink.js';
