import type { DuckDBValue } from '@duckdb/node-api';
import { loadDuckDb } from './duckdb.js';
import { InputError } from './errors.js';
import { globLiteral, sqlLiteral } from './sql-literal.js';

const NEEDED = ['componentName', 'metricName', 'unit', 'minValue', 'maxValue', 'fromTimestamp', 'toTimestamp'];
const OPTIONAL = ['sumValue', 'sampleCount'];

/** A row of a Parquet input under the camelCase names; times as text or as Date, cut to the millisecond. */
export type ParquetRow = Readonly<Record<string, string | number | boolean | Date | null>>;

/**
 * Reads a Parquet file of windowed metrics row by row, in bounded memory.
 *
 * @throws InputError when it is no Parquet file, is damaged, or lacks a needed column
 */
export async function* readParquetRows(path: string): AsyncGenerator<ParquetRow[]> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  try {
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    const source = `read_parquet(${sqlLiteral(globLiteral(path))})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const types = new Map(
      described.getRowObjects().map((row) => [String(row['column_name']), String(row['column_type'])]),
    );
    const missing = NEEDED.filter((column) => !types.has(column));
    if (missing.length > 0)
      throw new InputError(`${path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}.`);
    const columns = [...NEEDED, ...OPTIONAL.filter((column) => types.has(column))];
    const select = columns.map((column) => `${expression(column, types.get(column)!)} AS "${column}"`).join(', ');
    const times = columns.map((column) => types.get(column)!.startsWith('TIMESTAMP'));
    const result = await connection.stream(`SELECT ${select} FROM ${source}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk
        .getRows()
        .map((row) => Object.fromEntries(columns.map((column, index) => [column, plain(row[index]!, times[index]!)])));
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: not a readable Parquet file (${(error as Error).message.split('\n')[0]!}).`, {
      cause: error,
    });
  } finally {
    instance.closeSync();
  }
}

/** Times become milliseconds, cut; whole and decimal numbers become doubles; all else stays, and is judged later. */
function expression(column: string, type: string): string {
  const name = `"${column}"`;
  if (type.startsWith('TIMESTAMP')) {
    const [units, perMilli] = type === 'TIMESTAMP_NS' ? [`epoch_ns(${name})`, 1_000_000] : [`epoch_us(${name})`, 1000];
    // Cut towards the past, on whole numbers: instants before 1970 are negative.
    return `CAST((${units} - ((${units} % ${perMilli}) + ${perMilli}) % ${perMilli}) // ${perMilli} AS DOUBLE)`;
  }
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DECIMAL.*)$/.test(type)) return `CAST(${name} AS DOUBLE)`;
  return name;
}

function plain(value: DuckDBValue, isTime: boolean): string | number | boolean | Date | null {
  if (isTime && typeof value === 'number') return new Date(value);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  // No type of ours: a list, a struct, a blob. The reader calls it a wrong type.
  return false;
}
