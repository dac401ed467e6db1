import type { DuckDBConnection, DuckDBDataChunk, DuckDBDoubleVector, DuckDBIntegerVector } from '@duckdb/node-api';
import { duckDb } from './duckdb.js';

/** Rows that DuckDB takes at once. */
const CHUNK_ROWS = 2048;

/** A number of each row; NaN when it is not known. */
type Numbers = Int32Array | Float64Array;

/** Some of the rows of all columns, in order. */
export interface RowsInOrder<Name extends string> {
  readonly columns: Readonly<Record<Name, Numbers>>;
  /** Indices of rows. */
  readonly order: Uint32Array;
}

/**
 * Makes a table of rows of numbers. A column with the same whole number, or nothing known, in all rows is left out of it.
 *
 * @returns for each column the SQL that gives its number, with the table as `r`; NULL where it is not known
 */
export async function makeDayTable<Name extends string>(
  connection: DuckDBConnection,
  table: string,
  { columns, order }: RowsInOrder<Name>,
): Promise<Record<Name, string>> {
  const varying: { name: Name; values: Numbers }[] = [];
  const expressions = {} as Record<Name, string>;
  const entries = Object.entries(columns) as [Name, Numbers][];
  for (const [name, values] of entries) {
    const literal = literalOf(values, order);
    if (literal === undefined) varying.push({ name, values });
    expressions[name] = literal ?? expressionOf(name, values, order);
  }
  // A table has at least one column, or it would not know its number of rows.
  if (varying.length === 0) varying.push({ name: entries[0]![0], values: entries[0]![1] });
  const { DOUBLE, DuckDBDataChunk: Chunk, INTEGER } = duckDb();
  const types = varying.map(({ values }) => (values instanceof Int32Array ? INTEGER : DOUBLE));
  const definitions = varying.map(({ name }, index) => `${name} ${types[index]!.toString()}`);
  await connection.run(`CREATE TABLE ${table} (${definitions.join(', ')})`);
  const appender = await connection.createAppender(table);
  // One chunk serves for all that are full.
  const full = Chunk.create(types, CHUNK_ROWS);
  for (let at = 0; at < order.length; at += CHUNK_ROWS) {
    const rows = order.subarray(at, at + CHUNK_ROWS);
    const chunk = rows.length === CHUNK_ROWS ? full : Chunk.create(types, rows.length);
    varying.forEach(({ values }, index) => fill(chunk, index, values, rows));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  return expressions;
}

function fill(chunk: DuckDBDataChunk, column: number, values: Numbers, rows: Uint32Array): void {
  const vector = chunk.getColumnVector(column) as DuckDBDoubleVector | DuckDBIntegerVector;
  for (let row = 0; row < rows.length; row++) vector.setItem(row, values[rows[row]!]!);
  vector.flush();
}

/** The column's number when all rows have the same and it is written without loss. */
function literalOf(values: Numbers, order: Uint32Array): string | undefined {
  const first = values[order[0]!]!;
  if (!Number.isNaN(first) && (!Number.isSafeInteger(first) || Object.is(first, -0))) return undefined;
  for (let at = 1; at < order.length; at++) if (!Object.is(values[order[at]!], first)) return undefined;
  return Number.isNaN(first) ? 'NULL' : String(first);
}

function expressionOf(name: string, values: Numbers, order: Uint32Array): string {
  const isKnown = order.every((row) => !Number.isNaN(values[row]));
  return isKnown ? `r.${name}` : `CASE WHEN NOT isnan(r.${name}) THEN r.${name} END`;
}
