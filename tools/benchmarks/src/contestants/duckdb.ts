import { DuckDBInstance } from '@duckdb/node-api';

/** CSV to Parquet by nothing but DuckDB. */
export async function duckDbCopy([csv, target]: readonly string[]): Promise<string[]> {
  const connection = await connect(2);
  await connection.run(`SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = 100000`);
  await connection.run(
    `COPY (SELECT *, strftime(fromTimestamp, '%Y-%m-%d') AS dt FROM read_csv('${csv}', header = true, quote = '', columns = {
      componentName: 'VARCHAR', fromTimestamp: 'TIMESTAMP', maxValue: 'DOUBLE', metricName: 'VARCHAR', minValue: 'DOUBLE',
      toTimestamp: 'TIMESTAMP', unit: 'VARCHAR', sumValue: 'DOUBLE', sampleCount: 'BIGINT'}))
    TO '${target}' (FORMAT parquet, PARTITION_BY (dt), COMPRESSION zstd, OVERWRITE_OR_IGNORE true)`,
  );
  return [];
}

/** Rows and sums of Parquet files, to hold two results against each other. */
export async function sumParquet([glob]: readonly string[]): Promise<string[]> {
  const connection = await connect(2);
  // Both spellings of the columns: ours, and those of the CSV.
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${glob}')`);
  const ours = described.getRows().some(([name]) => name === 'min_value');
  const columns = ours
    ? ['min_value', 'max_value', 'sum_value', 'sample_count']
    : ['minValue', 'maxValue', 'sumValue', 'sampleCount'];
  // Sums in any order differ in the last bits: they are compared to nine digits.
  const list = columns.map((column) => `printf('%.9g', sum(CAST("${column}" AS DOUBLE)))`).join(', ');
  const reader = await connection.runAndReadAll(`SELECT count(*)::VARCHAR, ${list} FROM read_parquet('${glob}')`);
  return [reader.getRows()[0]!.join(' ')];
}

async function connect(threads: number) {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  return instance.connect();
}
