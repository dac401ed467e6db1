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
  | { readonly map: 'bigint' };

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
