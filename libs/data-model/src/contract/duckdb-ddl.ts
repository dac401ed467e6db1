import type { ColumnDefinition, ColumnType, TableDefinition } from '../tables.js';

/** A column as DuckDB sees it in a file. */
export interface DuckDbColumn {
  /** The table's name for it: snake_case. */
  readonly name: string;
  /** The name in JSON files: camelCase. */
  readonly field: string;
  /** The type in files, for example `TIMESTAMP WITH TIME ZONE` or `STRUCT("uri" VARCHAR)[]`. */
  readonly type: string;
}

/** A column's type in files: instants carry their zone, fields of structures have their camelCase names. */
export function duckDbType(type: ColumnType): string {
  if (typeof type === 'string') return SCALARS[type];
  if ('map' in type) return `MAP(VARCHAR, ${duckDbType(type.map)})`;
  if ('struct' in type) return struct(type.struct);
  return type.array === 'string' ? 'VARCHAR[]' : `${struct(type.array)}[]`;
}

/** The columns of a table's files in their order, without the partition columns. */
export function duckDbTypes(table: TableDefinition): DuckDbColumn[] {
  return table.columns.map(({ name, field, type }) => ({ name, field, type: duckDbType(type) }));
}

/**
 * A SELECT over a table's files with snake_case columns, instants as plain TIMESTAMP in UTC, and the partition columns
 * as VARCHAR at the end.
 *
 * Files that hold instants without a zone (INT96, naive) are read as UTC. Where files of one table differ in that, the
 * session's `TimeZone` must be UTC.
 *
 * @param files one or more patterns of files, already escaped for DuckDB's glob; at least one file must match each
 * @see https://duckdb.org/docs/stable/data/partitioning/hive_partitioning
 */
export function duckDbSelect(table: TableDefinition, files: string | readonly string[]): string {
  const hive = table.partitions.map(({ name }) => `'${name}': VARCHAR`).join(', ');
  const options = `hive_partitioning = true, hive_types = {${hive}}`;
  const file = typeof files === 'string' ? sqlText(files) : `[${files.map(sqlText).join(', ')}]`;
  if (table.format === 'parquet') {
    return `SELECT ${selectList(table, ({ name }) => name)} FROM read_parquet(${file}, ${options})`;
  }
  const columns = duckDbTypes(table).map(({ field, type }) => `'${field}': '${type}'`);
  const size = table.name === 'pipeline_runs' ? RUN_BYTES : ROW_BYTES;
  return `SELECT ${selectList(table, ({ field }) => `"${field}"`)} FROM read_json(${file}, format = 'newline_delimited', columns = {${columns.join(', ')}}, maximum_object_size = ${size}, ${options})`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An empty relation with exactly the columns and types of {@link duckDbSelect}: a table without files yet. */
export function duckDbEmptySelect(table: TableDefinition): string {
  const columns = duckDbColumnsOf(table).map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}

/** A CREATE TABLE with exactly the columns and types of {@link duckDbSelect}. */
export function duckDbCreateTable(table: TableDefinition): string {
  const columns = duckDbColumnsOf(table).map(({ name, type }) => `  ${name} ${type}`);
  return `CREATE TABLE ${table.name} (\n${columns.join(',\n')}\n)`;
}

const SCALARS = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  int: 'INTEGER',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
} as const;

/** DuckDB takes twice this much memory per thread for a scan; a row holds at most 8,192 raw bytes. */
const ROW_BYTES = 16_777_216;

/** A run lists every file it read and wrote, some 250 bytes each. */
const RUN_BYTES = 67_108_864;

function struct(columns: readonly ColumnDefinition[]): string {
  return `STRUCT(${columns.map(({ field, type }) => `"${field}" ${duckDbType(type)}`).join(', ')})`;
}

function duckDbColumnsOf(table: TableDefinition): { name: string; type: string }[] {
  return [
    ...table.columns.map(({ name, type }) => ({ name, type: type === 'timestamp' ? 'TIMESTAMP' : duckDbType(type) })),
    ...table.partitions.map(({ name }) => ({ name, type: 'VARCHAR' })),
  ];
}

function selectList(table: TableDefinition, source: (column: ColumnDefinition) => string): string {
  const columns = table.columns.map((column) => {
    const from = source(column);
    // The same for an instant with and without zone, and much faster than timezone('UTC', …).
    return column.type === 'timestamp'
      ? `make_timestamp(epoch_us(${from})) AS ${column.name}`
      : `${from} AS ${column.name}`;
  });
  return [...columns, ...table.partitions.map(({ name }) => name)].join(', ');
}
