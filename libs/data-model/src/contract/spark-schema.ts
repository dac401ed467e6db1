import type { ColumnDefinition, ColumnType, TableDefinition } from '../tables.js';

/** A data type in Spark's own JSON form. */
export type SparkType =
  | 'string'
  | 'double'
  | 'integer'
  | 'long'
  | 'boolean'
  | 'timestamp'
  | SparkStruct
  | { readonly type: 'array'; readonly elementType: SparkType; readonly containsNull: boolean }
  | {
      readonly type: 'map';
      readonly keyType: SparkType;
      readonly valueType: SparkType;
      readonly valueContainsNull: boolean;
    };

/** A structure as `StructType.fromJson` reads it. */
export interface SparkStruct {
  readonly type: 'struct';
  readonly fields: readonly SparkField[];
}

/** A column of a file, or a field of a structure, in Spark's words. */
export interface SparkField {
  readonly name: string;
  readonly type: SparkType;
  readonly nullable: boolean;
  readonly metadata: { readonly comment: string };
}

/**
 * The schema of a table's files, for `StructType.fromJson`: names as they stand in the files, snake_case in Parquet and
 * camelCase in JSON Lines.
 */
export function sparkSchema(table: TableDefinition): SparkStruct {
  return {
    type: 'struct',
    fields: table.columns.map((column) => sparkField(column, table.format === 'parquet' ? column.name : column.field)),
  };
}

const SCALARS = {
  string: 'string',
  double: 'double',
  int: 'integer',
  bigint: 'long',
  boolean: 'boolean',
  timestamp: 'timestamp',
} as const;

function sparkField({ type, nullable, comment }: ColumnDefinition, name: string): SparkField {
  return { name, type: sparkType(type), nullable, metadata: { comment } };
}

function sparkType(type: ColumnType): SparkType {
  if (typeof type === 'string') return SCALARS[type];
  if ('map' in type) {
    return { type: 'map', keyType: 'string', valueType: sparkType(type.map), valueContainsNull: false };
  }
  const struct = (columns: readonly ColumnDefinition[]): SparkStruct => ({
    type: 'struct',
    fields: columns.map((column) => sparkField(column, column.field)),
  });
  if ('struct' in type) return struct(type.struct);
  const elementType = type.array === 'string' ? 'string' : struct(type.array);
  return { type: 'array', elementType, containsNull: false };
}
