import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { QueryError, type QueryEngine, type QueryOptions, type QueryResult } from '@pulselake/dashboards';
import {
  duckDbEmptySelect,
  duckDbSelect,
  type TableDefinition,
  TABLES,
  windowedMetricsCurrentView,
} from '@pulselake/data-model';
import { isNotFound } from './lake-files.js';
import { queryValue } from './query-value.js';
import { refuseOtherStatements } from './refuse-other-statements.js';
import { globLiteral, sqlLiteral } from './sql-literal.js';

const MAX_ROWS = 1_000_000;

export interface DuckDbQueryEngineOptions {
  /** Most memory a query may take, as DuckDB writes it. Default `2GB`. */
  readonly memoryLimit?: string;
  /** Threads per engine, default 2. */
  readonly threads?: number;
}

/**
 * Read-only SQL on a lake's folder.
 *
 * Statements other than SELECT and EXPLAIN are refused; files (those of the lake included), the network, extensions and
 * settings are out of reach. Tables without a file yet are empty, not missing.
 */
export class DuckDbQueryEngine implements QueryEngine {
  readonly #present = new Map<string, boolean>();

  private constructor(
    private readonly root: string,
    private readonly instance: DuckDBInstance,
    private readonly catalog: DuckDBConnection,
  ) {}

  static async open(root: string, options: DuckDbQueryEngineOptions = {}): Promise<DuckDbQueryEngine> {
    const folder = resolve(root);
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? 2),
      memory_limit: options.memoryLimit ?? '2GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const catalog = await instance.connect();
    for (const setting of [
      `SET GLOBAL TimeZone = 'UTC'`,
      // What does not fit fails with a message; nothing is written outside the lake's own commits.
      `SET GLOBAL temp_directory = ''`,
      // Patterns of the tables' files begin with the escaped folder.
      `SET GLOBAL allowed_directories = [${sqlLiteral(`${folder}/`)}, ${sqlLiteral(`${globLiteral(folder)}/`)}]`,
      `SET GLOBAL enable_external_access = false`,
    ]) {
      await catalog.run(setting);
    }
    const engine = new DuckDbQueryEngine(folder, instance, catalog);
    await engine.#refreshTables();
    await catalog.run(`CREATE VIEW windowed_metrics_current AS ${windowedMetricsCurrentView('duckdb')}`);
    await catalog.run('SET GLOBAL lock_configuration = true');
    return engine;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    options.signal?.throwIfAborted();
    try {
      await this.#refreshTables();
      return await this.#run(sql, options);
    } catch (error) {
      // Compaction may have taken a file out between the listing and the read.
      if (!(error instanceof QueryError) || !/No files found|Cannot open file|No such file/.test(error.message))
        throw error;
      await this.#refreshTables();
      return this.#run(sql, options);
    }
  }

  close(): Promise<void> {
    this.catalog.closeSync();
    this.instance.closeSync();
    return Promise.resolve();
  }

  async #run(sql: string, { signal, maxRows = MAX_ROWS }: QueryOptions): Promise<QueryResult> {
    const connection = await this.instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      await refuseOtherStatements(connection, sql);
      // An interrupt before the query runs is forgotten.
      signal?.throwIfAborted();
      const reader = await connection.streamAndReadUntil(sql, maxRows + 1);
      if (reader.currentRowCount > maxRows) {
        throw new QueryError(`The result has more than ${maxRows} rows. Add a LIMIT, or aggregate.`);
      }
      return {
        columns: reader.columnNames().map((name, index) => ({ name, type: String(reader.columnType(index)) })),
        rows: reader.getRows().map((row) => row.map(queryValue)),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof QueryError ? error : new QueryError(messageOf(error), { cause: error });
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  }

  /** Points each table's view at its files, or at an empty relation while there are none. */
  async #refreshTables(): Promise<void> {
    for (const table of TABLES) {
      const present = await hasFile(join(this.root, table.prefix), table.partitions.length, extensionOf(table));
      if (this.#present.get(table.name) === present) continue;
      const select = present ? duckDbSelect(table, globOf(this.root, table)) : duckDbEmptySelect(table);
      try {
        await this.catalog.run(`CREATE OR REPLACE VIEW ${table.name} AS ${select}`);
      } catch (error) {
        throw new QueryError(messageOf(error), { cause: error });
      }
      this.#present.set(table.name, present);
    }
  }
}

/** The files of a table below a lake's folder, as DuckDB's glob. */
export function globOf(root: string, table: TableDefinition): string {
  const partitions = table.partitions.map(({ name }) => `${name}=*`).join('/');
  return `${globLiteral(resolve(root))}/${table.prefix}/${partitions}/*${extensionOf(table)}`;
}

function extensionOf(table: TableDefinition): string {
  if (table.format === 'parquet') return '.parquet';
  return table.name === 'rejected_records' ? '.jsonl' : '.json';
}

/** Whether a file with this extension lies so many folders deep. */
async function hasFile(folder: string, depth: number, extension: string): Promise<boolean> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (depth === 0 ? entry.isFile() && entry.name.endsWith(extension) : entry.isDirectory()) {
        if (depth === 0 || (await hasFile(join(folder, entry.name), depth - 1, extension))) return true;
      }
    }
    return false;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
