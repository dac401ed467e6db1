import { type TableDefinition, WINDOWED_METRICS } from '../tables.js';

/** How Data Firehose reads the windows' stream: the settings of its OpenX JSON deserializer, and the partition of a record. */
export interface FirehoseInput {
  /** Firehose lowers JSON keys unless this is false; camelCase keys would then be NULL in every row. */
  readonly caseInsensitive: false;
  readonly convertDotsInJsonKeysToUnderscores: false;
  /** Column to JSON key, for every column whose key is another. */
  readonly columnToJsonKeyMappings: Readonly<Record<string, string>>;
  /** jq 1.6 expression of each partition key, in parentheses. */
  readonly partitionExpressions: Readonly<Record<string, string>>;
}

/**
 * The conversion from the windows' stream to the Parquet table `windowed_metrics`. Pure.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html
 */
export function firehoseInput(table: TableDefinition = WINDOWED_METRICS): FirehoseInput {
  return {
    caseInsensitive: false,
    convertDotsInJsonKeysToUnderscores: false,
    columnToJsonKeyMappings: Object.fromEntries(
      table.columns.filter(({ name, field }) => name !== field).map(({ name, field }) => [name, field]),
    ),
    partitionExpressions: { dt: '(.fromTimestamp[0:10])' },
  };
}
