import type { DuckDbType } from './duckdb-type.js';

/** A column as GetQueryResults describes it. */
export interface ColumnInfo {
  readonly CatalogName: string;
  readonly SchemaName: string;
  readonly TableName: string;
  readonly Name: string;
  readonly Label: string;
  readonly Type: string;
  readonly Precision: number;
  readonly Scale: number;
  readonly Nullable: 'UNKNOWN';
  readonly CaseSensitive: boolean;
}

const MAX_INT = 2_147_483_647;

/** Athena's name of each type, with the precision it reports. */
const TYPES: Readonly<Record<string, readonly [type: string, precision: number, scale?: number]>> = {
  BOOLEAN: ['boolean', 0],
  TINYINT: ['tinyint', 3],
  SMALLINT: ['smallint', 5],
  INTEGER: ['integer', 10],
  BIGINT: ['bigint', 19],
  UTINYINT: ['smallint', 5],
  USMALLINT: ['integer', 10],
  UINTEGER: ['bigint', 19],
  FLOAT: ['float', 17],
  DOUBLE: ['double', 17],
  DATE: ['date', 0],
  TIME: ['time', 3],
  TIMESTAMP: ['timestamp', 3],
  TIMESTAMP_S: ['timestamp', 3],
  TIMESTAMP_MS: ['timestamp', 3],
  TIMESTAMP_NS: ['timestamp', 3],
  'TIMESTAMP WITH TIME ZONE': ['timestamp with time zone', 3],
  'TIME WITH TIME ZONE': ['time with time zone', 3],
  BLOB: ['varbinary', 1_073_741_824],
  INTERVAL: ['interval day to second', 0],
  JSON: ['json', 0],
};

/**
 * Describes a column of DuckDB's in Athena's words.
 *
 * @param isBig whether a whole number of the column is beyond 64 bits: sums of BIGINT are HUGEINT in DuckDB, bigint in Trino
 */
export function columnInfo(name: string, type: DuckDbType, isBig: boolean): ColumnInfo {
  const [athenaType, precision, scale = 0] = athenaTypeOf(type, isBig);
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: athenaType,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: athenaType === 'varchar',
  };
}

function athenaTypeOf(type: DuckDbType, isBig: boolean): readonly [type: string, precision: number, scale?: number] {
  if (type.kind === 'list') return ['array', 0];
  if (type.kind === 'map') return ['map', 0];
  if (type.kind === 'struct') return ['row', 0];
  if (type.name === 'DECIMAL') return ['decimal', type.precision ?? 38, type.scale ?? 0];
  if (isWide(type)) return isBig ? ['decimal', 38, 0] : ['bigint', 19];
  return TYPES[type.name] ?? ['varchar', MAX_INT];
}

/** Whether values of the type may be beyond 64 bits. */
export function isWide(type: DuckDbType): boolean {
  return type.kind === 'scalar' && ['HUGEINT', 'UHUGEINT', 'UBIGINT'].includes(type.name);
}
