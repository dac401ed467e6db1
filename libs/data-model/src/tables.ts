import { PIPELINE_STAGES } from './pipeline-run.js';

/** Types of columns, mapped to each engine's own by the generators of the contract. `timestamp` is an instant in microseconds, UTC. */
export type ColumnType =
  | 'string'
  | 'double'
  | 'int'
  | 'bigint'
  | 'boolean'
  | 'timestamp'
  | { readonly array: readonly ColumnDefinition[] | 'string' }
  | { readonly struct: readonly ColumnDefinition[] }
  | { readonly map: 'bigint' | 'string' };

/** A column; `field` is the record's camelCase name, `name` the same in snake_case. */
export interface ColumnDefinition {
  readonly name: string;
  readonly field: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly comment: string;
}

/** A partition key of a table: part of the path, not of the files. */
export interface PartitionDefinition {
  readonly name: string;
  /** `day` is projected as a date `YYYY-MM-DD`; otherwise the closed list of values. */
  readonly values: 'day' | readonly string[];
}

/** A table of the lake: the same keys under an S3 prefix and under a local folder. */
export interface TableDefinition {
  readonly name: string;
  /** First segment of every key. */
  readonly prefix: string;
  readonly format: 'parquet' | 'json-lines';
  readonly partitions: readonly PartitionDefinition[];
  readonly columns: readonly ColumnDefinition[];
  readonly comment: string;
  /** Known to the embedded lake only. */
  readonly internal?: boolean;
}

const column = (field: string, type: ColumnType, comment: string, nullable = false): ColumnDefinition => ({
  name: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  field,
  type,
  nullable,
  comment,
});

/** Windows of both sources: streams and batches. */
export const WINDOWED_METRICS: TableDefinition = {
  name: 'windowed_metrics',
  prefix: 'windowed_metrics',
  format: 'parquet',
  partitions: [{ name: 'dt', values: 'day' }],
  columns: [
    column('componentName', 'string', 'The measured service'),
    column('metricName', 'string', 'What was measured'),
    column('unit', 'string', 'Unit of the values'),
    column('minValue', 'double', 'Lowest value in the window'),
    column('maxValue', 'double', 'Highest value in the window'),
    column('sumValue', 'double', 'Sum of the values; NULL when not delivered', true),
    column('sampleCount', 'bigint', 'Number of values; NULL when not delivered', true),
    column('fromTimestamp', 'timestamp', 'Start of the window, inclusive'),
    column('toTimestamp', 'timestamp', 'End of the window, exclusive'),
    column('source', 'string', 'stream or batch'),
    column('partId', 'string', 'Empty for a whole window, else the input that contributed this part'),
    column('revision', 'int', 'Correction of this part, from 0'),
    column('emittedAt', 'timestamp', 'When the row was made; for batches the last modification of the input'),
    column('inputId', 'string', 'The input the row came from; empty for Flink'),
  ],
  comment: 'Statistics of metrics over windows; dt is the UTC day of from_timestamp',
};

const TRAFFIC_COLUMNS: readonly ColumnDefinition[] = [
  column('id', 'string', 'First 16 hex digits of SHA-256 over source, NUL, target'),
  column('source', 'string', 'The calling service'),
  column('target', 'string', 'The called service'),
  column('totalRequests', 'bigint', 'Calls of the day'),
  column('failedRequests', 'bigint', 'Calls answered with status 500 or above'),
];

/** Daily service-to-service calls. */
export const TRAFFIC_REPORTS: TableDefinition = {
  name: 'traffic_reports',
  prefix: 'traffic_reports',
  format: 'json-lines',
  partitions: [{ name: 'report_date', values: 'day' }],
  columns: TRAFFIC_COLUMNS,
  comment: 'Service-to-service calls of one UTC day',
};

/** Daily calls, each with the called service's metrics. */
export const TRAFFIC_REPORTS_ENRICHED: TableDefinition = {
  name: 'traffic_reports_enriched',
  prefix: 'traffic_reports_enriched',
  format: 'json-lines',
  partitions: [{ name: 'report_date', values: 'day' }],
  columns: [
    ...TRAFFIC_COLUMNS,
    column(
      'metrics',
      {
        array: [
          column('metricName', 'string', 'What was measured'),
          column('unit', 'string', 'Unit of the values'),
          column('minValue', 'double', 'Lowest value of the day'),
          column('maxValue', 'double', 'Highest value of the day'),
          column('avgValue', 'double', 'Sum over count of the day; NULL when not delivered', true),
        ],
      },
      'The metrics of the called service on that day',
    ),
  ],
  comment: 'Service-to-service calls of one UTC day with the metrics of the called service',
};

/** Everything that could not be used, with its reason. */
export const REJECTED_RECORDS: TableDefinition = {
  name: 'rejected_records',
  prefix: 'rejected',
  format: 'json-lines',
  partitions: [
    { name: 'stage', values: PIPELINE_STAGES },
    { name: 'dt', values: 'day' },
  ],
  columns: [
    column('runId', 'string', 'The run that rejected the record'),
    column('reason', 'string', 'Reason code'),
    column('message', 'string', 'The reason for people'),
    column('file', 'string', 'Address of the input', true),
    column('line', 'bigint', 'Line or row of the input, from 1', true),
    column('sequenceNumber', 'string', 'Kinesis sequence number', true),
    column('inputId', 'string', 'The input the record came from'),
    column('raw', 'string', 'The record as text, at most 8,192 bytes', true),
    column('rawBase64', 'string', 'The record as base64 when it is not UTF-8', true),
    column('truncated', 'boolean', 'True when the raw record is cut', true),
  ],
  comment: 'Rejected records; dt is the UTC day of the last modification of the input, or of arrival',
};

/** The ledger. */
export const PIPELINE_RUNS: TableDefinition = {
  name: 'pipeline_runs',
  prefix: 'pipeline_runs',
  format: 'json-lines',
  partitions: [{ name: 'dt', values: 'day' }],
  columns: [
    column('runId', 'string', 'Identifies the run'),
    column('stage', 'string', 'What the run did'),
    column('startedAt', 'string', 'Instant'),
    column('finishedAt', 'string', 'Instant; NULL while the run goes on', true),
    column('status', 'string', 'running, succeeded or failed'),
    column(
      'inputs',
      {
        array: [
          column('uri', 'string', 'Address'),
          column('inputId', 'string', 'Identity of the content'),
          column('bytes', 'bigint', 'Bytes as stored'),
          column('sha256', 'string', 'Digest of the bytes as stored'),
          column('contentBytes', 'bigint', 'Bytes after decompression', true),
          column('etag', 'string', 'ETag of an S3 object', true),
          column('modifiedAt', 'string', 'Last modification'),
          column('records', 'bigint', 'Records taken, where a run takes a part of the file', true),
        ],
      },
      'What was read',
    ),
    column(
      'outputs',
      {
        array: [
          column('uri', 'string', 'Key below the lake'),
          column('rows', 'bigint', 'Rows in the file'),
          column('bytes', 'bigint', 'Size of the file'),
          column('sha256', 'string', 'Digest of the file'),
          column('records', 'bigint', 'Input records the file accounts for', true),
          column('sequence', 'bigint', 'The commit that wrote it, where a run has several', true),
        ],
      },
      'What was written',
    ),
    column('replaced', { array: 'string' }, 'Keys of earlier files that were overwritten or removed', true),
    column(
      'counts',
      {
        struct: [
          column('read', 'bigint', 'Records read'),
          column('accepted', 'bigint', 'Records in the result'),
          column('duplicate', 'bigint', 'Repeats'),
          column('external', 'bigint', 'Calls by people'),
          column('outOfRange', 'bigint', 'Outside the asked days'),
          column('rejected', 'bigint', 'Rejected records'),
        ],
      },
      'read = accepted + duplicate + external + outOfRange + rejected',
    ),
    column('rejectedByReason', { map: 'bigint' }, 'Rejected records by reason code'),
    column('open', 'bigint', 'Accepted events in windows not yet written', true),
    column('rowsWritten', 'bigint', 'Rows written'),
    column('windowsCorrected', 'bigint', 'Windows written again', true),
    column('sequence', 'bigint', 'Order of the commits of an embedded lake', true),
    column('supersedes', { array: 'string' }, 'Earlier versions of the input, oldest first', true),
    column(
      'rewritten',
      {
        struct: [
          column('read', 'bigint', 'Rows of the files written anew'),
          column('kept', 'bigint', 'Rows in the files written instead'),
          column('takenOut', 'bigint', 'Rows of the inputs that were taken out'),
        ],
      },
      'Files with rows of several inputs, written without some of them: read = kept + takenOut',
      true,
    ),
    column('forgotten', { array: 'string' }, 'Inputs whose contribution was removed', true),
    column('prunedBefore', 'string', 'Everything of earlier UTC days was removed', true),
    column('days', { array: 'string' }, 'The days a traffic run was restricted to', true),
    column(
      'stream',
      {
        struct: [
          column('name', 'string', 'Name of the stream'),
          column('region', 'string', 'Its AWS region', true),
          column('positions', { map: 'string' }, 'By shard: where the next run goes on'),
        ],
      },
      'How far the run has read a Kinesis stream',
      true,
    ),
    column(
      'job',
      {
        struct: [
          column('name', 'string', 'Name of the Flink job'),
          column('outputStream', 'string', 'The stream its windows go to'),
        ],
      },
      'The Flink job whose account the run is',
      true,
    ),
    column('error', 'string', 'Why the run failed', true),
    column('digest', 'string', 'SHA-256 of the entry up to this field; NULL on AWS', true),
  ],
  comment: 'The ledger: one record per run of any stage; dt is the UTC day of the start',
};

/** Each input's share of each day's traffic report. */
export const TRAFFIC_COUNTS: TableDefinition = {
  name: 'traffic_counts',
  prefix: 'traffic_counts',
  format: 'json-lines',
  partitions: [{ name: 'report_date', values: 'day' }],
  columns: [...TRAFFIC_COLUMNS.slice(1), column('kind', 'string', 'service, or user for the calls of people')],
  comment: 'Calls of one input on one UTC day; the report of a day is the sum over its inputs',
  internal: true,
};

/** Every table of the lake. */
export const TABLES: readonly TableDefinition[] = [
  WINDOWED_METRICS,
  TRAFFIC_REPORTS,
  TRAFFIC_REPORTS_ENRICHED,
  REJECTED_RECORDS,
  PIPELINE_RUNS,
  TRAFFIC_COUNTS,
];
