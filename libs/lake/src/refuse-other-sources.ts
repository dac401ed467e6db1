import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '@pulselake/dashboards';
import { sqlLiteral } from './sql-literal.js';

/** Functions that may stand where a table stands: they make rows, or tell what the catalog holds. */
const TABLE_FUNCTIONS = new Set([
  ...['generate_series', 'range', 'repeat', 'repeat_row', 'unnest', 'json_each', 'json_tree'],
  ...['duckdb_columns', 'duckdb_databases', 'duckdb_functions', 'duckdb_keywords', 'duckdb_schemas', 'duckdb_settings'],
  ...['duckdb_tables', 'duckdb_types', 'duckdb_views', 'icu_calendar_names', 'pg_timezone_names', 'pragma_version'],
]);

/** Writes into the log of DuckDB, which may be a file. */
const REFUSED_FUNCTION = 'write_log';

const SCHEMAS: readonly string[] = ['', 'main', 'information_schema', 'pg_catalog'];
/** Where DuckDB finds no table of a name with one of these it looks for a file. */
const NAME_OF_FILE = /[./\\:*?[\]]/;

type Node = Readonly<Record<string, unknown>>;

/**
 * Lets a statement through that reads nothing but the tables of the lake and of the catalog: not the files, those of the
 * lake included, and no function that changes settings or runs a text in which such a call may hide.
 *
 * Judged by DuckDB's own parse tree, before anything is bound. A text that does not parse is left to DuckDB's own message.
 *
 * @param schemas names of schemas besides DuckDB's own whose tables are the lake's, in lower case
 * @returns false for a statement that is no SELECT, and has no tree
 * @throws QueryError for one that reads something else
 */
export async function refuseOtherSources(
  connection: DuckDBConnection,
  sql: string,
  schemas: readonly string[] = [],
): Promise<boolean> {
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${sqlLiteral(sql)}::VARCHAR)`);
  const tree = JSON.parse(String(reader.getRows()[0]![0])) as Node;
  if (tree['error'] === true) return tree['error_type'] === 'parser';
  const known = [...SCHEMAS, ...schemas];
  for (const node of nodesOf(tree['statements'])) {
    const fault = faultOf(node, known);
    if (fault !== undefined) throw new QueryError(fault);
  }
  return true;
}

function faultOf(node: Node, schemas: readonly string[]): string | undefined {
  if (node['class'] === 'FUNCTION') {
    const name = textOf(node, 'function_name').toLowerCase();
    return name === REFUSED_FUNCTION ? notAllowed(name) : undefined;
  }
  if (node['type'] === 'TABLE_FUNCTION') {
    const name = textOf((node['function'] ?? {}) as Node, 'function_name').toLowerCase();
    return TABLE_FUNCTIONS.has(name) ? undefined : notAllowed(name);
  }
  if (node['type'] === 'BASE_TABLE') {
    const [schema, name] = [textOf(node, 'schema_name'), textOf(node, 'table_name')];
    if (schemas.includes(schema.toLowerCase()) && !NAME_OF_FILE.test(name)) return undefined;
    const full = schema === '' ? name : `${schema}.${name}`;
    return `${full} is no table of the lake, and files are not read by SQL. SHOW TABLES lists the tables.`;
  }
  return undefined;
}

function notAllowed(name: string): string {
  return `The function ${name} is not allowed: SQL reads the tables of the lake and nothing else. SHOW TABLES lists them.`;
}

function textOf(node: Node, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

/** Every object of a parse tree, however deep. */
function* nodesOf(tree: unknown): Generator<Node> {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) yield next as Node;
    for (const child of Object.values(next)) waiting.push(child);
  }
}
