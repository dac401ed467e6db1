import { resolve } from 'node:path';
import { type Row, rowsOf, withDuckDb } from '../duckdb-session.js';
import { dayOfKey } from '../lake-layout.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';

/** A file of windows that somebody else put into the lake, looked into. */
export interface DeliveredFile {
  readonly key: string;
  readonly rows: number;
  readonly samples: number;
  /** Another file that holds every row of this one. */
  readonly repeats?: string;
  /** Why nothing could be counted. */
  readonly unreadable?: string;
}

/**
 * Counts files of windows that no run lists, and tells which hold nothing but rows that stand in another file: a delivery
 * that was made twice. Of two new files with the same rows, the later key repeats the earlier.
 *
 * @param keys the new files
 * @param others files of windows that runs list
 */
export async function inspectDelivered(
  root: string,
  keys: readonly string[],
  others: readonly string[],
): Promise<DeliveredFile[]> {
  return withDuckDb(async (connection) => {
    const found: DeliveredFile[] = [];
    const days = new Set(keys.map((key) => dayOfKey(key)));
    for (const day of [...days].sort()) {
      const ofDay = (list: readonly string[]) => list.filter((key) => dayOfKey(key) === day).sort();
      const readable: string[] = [];
      for (const key of ofDay(keys)) {
        try {
          const [row] = await rowsOf(connection, countSql(root, key));
          const { rows, samples } = row as Row;
          found.push({ key, rows: Number(rows), samples: Number(samples) });
          readable.push(key);
        } catch (error) {
          found.push({ key, rows: 0, samples: 0, unreadable: (error as Error).message.split('\n')[0]! });
        }
      }
      const repeats = await repeatedFiles((sql) => rowsOf(connection, sql), root, readable, ofDay(others));
      for (const [index, file] of found.entries()) {
        const other = repeats.get(file.key);
        if (other !== undefined) found[index] = { ...file, repeats: other };
      }
    }
    return found;
  });
}

/** By key of a new file: the first other file that holds all of its rows. */
async function repeatedFiles(
  rows: (sql: string) => Promise<Row[]>,
  root: string,
  keys: readonly string[],
  others: readonly string[],
): Promise<Map<string, string>> {
  const repeats = new Map<string, string>();
  if (keys.length === 0) return repeats;
  const keyOf = new Map([...keys, ...others].map((key) => [resolve(root, key), key]));
  const list = (some: readonly string[]) => `[${some.map((key) => literalOf(root, key)).join(', ')}]`;
  const isNew = `filename IN (${keys.map((key) => sqlLiteral(resolve(root, key))).join(', ')})`;
  const found = await rows(
    `WITH delivered AS (SELECT DISTINCT filename, ${isNew} AS is_new, ${ROW} AS row_key
        FROM read_parquet(${list([...keys, ...others])}, filename = true, hive_partitioning = false)),
      sizes AS (SELECT filename, count(*) AS size FROM delivered WHERE is_new GROUP BY filename),
      pairs AS (SELECT a.filename AS filename, b.filename AS other, count(*) AS shared
        FROM delivered a JOIN delivered b ON a.row_key = b.row_key AND a.filename <> b.filename
        WHERE a.is_new AND (NOT b.is_new OR b.filename < a.filename)
        GROUP BY a.filename, b.filename)
    SELECT pairs.filename AS filename, min(other) AS other FROM pairs JOIN sizes ON pairs.filename = sizes.filename
    WHERE shared = size GROUP BY pairs.filename`,
  );
  for (const { filename, other } of found) repeats.set(keyOf.get(String(filename))!, keyOf.get(String(other))!);
  return repeats;
}

/** All that tells one row from another. */
const ROW = `[component_name, metric_name, unit, source, coalesce(part_id, ''), revision::VARCHAR, from_timestamp::VARCHAR,
  to_timestamp::VARCHAR, emitted_at::VARCHAR, min_value::VARCHAR, max_value::VARCHAR, coalesce(sample_count, -1)::VARCHAR]`;

const countSql = (root: string, key: string) =>
  `SELECT count(*) AS rows, coalesce(sum(sample_count), 0) AS samples
  FROM read_parquet(${literalOf(root, key)}, hive_partitioning = false)`;

function literalOf(root: string, key: string): string {
  return sqlLiteral(globLiteral(resolve(root, key)));
}
