import type { ColumnDefinition, ColumnType, TableDefinition } from '../tables.js';

/** A type in words that map one to one to `pyarrow`: `timestamp[us, UTC]` is `pa.timestamp('us', tz='UTC')`. */
export type ArrowType =
  | 'string'
  | 'float64'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'timestamp[us, UTC]'
  | { readonly list: ArrowType }
  | { readonly struct: readonly ArrowField[] }
  | { readonly map: readonly ['string', ArrowType] };

/** A column of a file, or a field of a structure, in the words of Arrow. */
export interface ArrowField {
  readonly name: string;
  /** The name in JSON. */
  readonly field: string;
  readonly type: ArrowType;
  readonly nullable: boolean;
}

/** The Arrow schema of a table's files: columns in snake_case, fields of structures in camelCase. */
export function arrowSchema(table: TableDefinition): ArrowField[] {
  return table.columns.map((column) => arrowField(column, column.name));
}

const SCALARS = {
  string: 'string',
  double: 'float64',
  int: 'int32',
  bigint: 'int64',
  boolean: 'bool',
  timestamp: 'timestamp[us, UTC]',
} as const;

function arrowField({ field, type, nullable }: ColumnDefinition, name = field): ArrowField {
  return { name, field, type: arrowType(type), nullable };
}

function arrowType(type: ColumnType): ArrowType {
  if (typeof type === 'string') return SCALARS[type];
  if ('map' in type) return { map: ['string', arrowType(type.map)] };
  const struct = (columns: readonly ColumnDefinition[]) => ({ struct: columns.map((column) => arrowField(column)) });
  if ('struct' in type) return struct(type.struct);
  return { list: type.array === 'string' ? 'string' : struct(type.array) };
}
