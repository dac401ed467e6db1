import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  QueryError,
  type QueryColumn,
  type QueryOptions,
  type QueryResult,
  ResultTooLargeError,
  type StreamingQueryEngine,
} from '@pulselake/dashboards';
import {
  duckDbEmptySelect,
  duckDbSelect,
  type TableDefinition,
  TABLES,
  WINDOWED_METRICS,
  windowedMetricsCurrentView,
  windowsDeliveredOnce,
} from '@pulselake/data-model';
import { bindParameters } from './bind-parameters.js';
import { loadDuckDb } from './duckdb.js';
import { errorPosition } from './error-position.js';
import { hasFile } from './has-file.js';
import { interruptOnAbort } from './interrupt-on-abort.js';
import { isNotFound } from './lake-files.js';
import { queryValue } from './query-value.js';
import { refuseOtherStatements } from './refuse-other-statements.js';
import { SettledDays } from './settled-days.js';
import { globLiteral, sqlLiteral } from './sql-literal.js';

const MAX_ROWS = 1_000_000;
const MAX_SCRATCH = '20GB';

/** What queries of a {@link DuckDbQueryEngine} may use. */
export interface DuckDbQueryEngineOptions {
  /** Most memory a query may take, as DuckDB writes it. Default `2GB`. */
  readonly memoryLimit?: string;
  /** Threads per engine, default 2. */
  readonly threads?: number;
  /** Folder, made when needed, for what does not fit into memory. Default none: such a query fails with a message. */
  readonly scratch?: string;
  /** How long a day must not have changed before {@link DuckDbQueryEngine.settleDays} looks at it. Default 2,000 ms. */
  readonly restMs?: number;
  /**
   * Statements run once, before the configuration is locked: functions of another dialect, settings, names of the tables
   * in other schemas. Not for texts of others.
   */
  readonly setup?: readonly string[];
  /** Schemas that `setup` makes and whose tables are the lake's, in lower case. */
  readonly schemas?: readonly string[];
}

type StreamOptions = Omit<QueryOptions, 'maxRows'>;

type Work<T> = (connection: DuckDBConnection, statement: string) => Promise<T>;

/** A statement, as given and with its parameters. */
interface Asked {
  readonly sql: string;
  readonly statement: string;
  readonly signal: AbortSignal | undefined;
}

type Rows = QueryResult['rows'];

/** A result whose first part was read. */
interface OpenStream {
  readonly connection: DuckDBConnection;
  readonly statement: string;
  readonly columns: readonly QueryColumn[];
  readonly first: Rows;
  readonly next: () => Promise<Rows>;
}

/**
 * Read-only SQL on a lake's folder.
 *
 * Statements other than SELECT and EXPLAIN are refused; files (those of the lake included), the network, extensions and
 * settings are out of reach. Tables without a file yet are empty, not missing.
 */
export class DuckDbQueryEngine implements StreamingQueryEngine {
  readonly #present = new Map<string, boolean>();
  readonly #settled: SettledDays;

  private constructor(
    private readonly root: string,
    private readonly instance: DuckDBInstance,
    private readonly catalog: DuckDBConnection,
    private readonly schemas: readonly string[],
    restMs?: number,
  ) {
    this.#settled = new SettledDays(join(root, WINDOWED_METRICS.prefix), restMs);
  }

  static async open(root: string, options: DuckDbQueryEngineOptions = {}): Promise<DuckDbQueryEngine> {
    const folder = resolve(root);
    const duckDb = await loadDuckDb();
    const instance = await duckDb.DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? 2),
      memory_limit: options.memoryLimit ?? '2GB',
      temp_directory: options.scratch ?? '',
      ...(options.scratch !== undefined && { max_temp_directory_size: MAX_SCRATCH }),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const catalog = await instance.connect();
    for (const setting of [
      `SET GLOBAL TimeZone = 'UTC'`,
      // Patterns of the tables' files begin with the escaped folder.
      `SET GLOBAL allowed_directories = [${sqlLiteral(`${folder}/`)}, ${sqlLiteral(`${globLiteral(folder)}/`)}]`,
      `SET GLOBAL enable_external_access = false`,
    ]) {
      await catalog.run(setting);
    }
    const engine = new DuckDbQueryEngine(folder, instance, catalog, options.schemas ?? [], options.restMs);
    await engine.#refreshTables();
    await engine.#defineCurrentWindows();
    for (const statement of options.setup ?? []) await catalog.run(statement);
    await catalog.run('SET GLOBAL lock_configuration = true');
    return engine;
  }

  query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const { maxRows = MAX_ROWS } = options;
    const read = async (connection: DuckDBConnection, statement: string) => {
      const reader = await connection.streamAndReadUntil(statement, maxRows + 1);
      if (reader.currentRowCount > maxRows) {
        throw new ResultTooLargeError(maxRows);
      }
      return { columns: columnsOf(reader), rows: reader.getRows().map((row) => row.map(queryValue)) };
    };
    return this.#run(sql, options, async (connection, statement) => {
      const result = await read(connection, statement);
      connection.closeSync();
      return result;
    });
  }

  async *stream(sql: string, options: StreamOptions = {}): AsyncGenerator<QueryResult, void, undefined> {
    const { connection, statement, columns, next, first } = await this.#run(
      sql,
      options,
      async (connected, bound): Promise<OpenStream> => {
        const result = await connected.stream(bound);
        const fetch = async () => (await result.fetchChunk())?.getRows().map((row) => row.map(queryValue)) ?? [];
        return {
          connection: connected,
          statement: bound,
          columns: columnsOf(result),
          next: fetch,
          first: await fetch(),
        };
      },
    );
    const letGo = interruptOnAbort(connection, options.signal);
    try {
      let rows = first;
      do {
        options.signal?.throwIfAborted();
        yield { columns, rows };
        options.signal?.throwIfAborted();
        rows = rows.length > 0 ? await next() : [];
      } while (rows.length > 0);
    } catch (error) {
      throw queryErrorOf(error, { sql, statement, signal: options.signal });
    } finally {
      letGo();
      connection.closeSync();
    }
  }

  /**
   * Looks for days in which no window was delivered twice, so that later queries need not look for repeats there: ten times
   * as fast over long ranges, and in little memory. For engines that live long, again and again: a day is looked at once it has
   * rested for a while, and anew when it changed. The results stay the same.
   *
   * @returns how many days are settled
   */
  async settleDays(signal?: AbortSignal): Promise<number> {
    const connection = await this.instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      await this.#settled.settle(connection, signal);
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
    await this.#defineCurrentWindows();
    return this.#settled.days.length;
  }

  close(): Promise<void> {
    this.catalog.closeSync();
    this.instance.closeSync();
    return Promise.resolve();
  }

  /** Has `work` done, once more when a file vanished. `work` closes the connection unless it fails. */
  async #run<T>(sql: string, options: StreamOptions, work: Work<T>): Promise<T> {
    options.signal?.throwIfAborted();
    const statement = options.parameters?.length ? bindParameters(sql, options.parameters) : sql;
    try {
      await this.#refreshTables();
      return await this.#attempt({ sql, statement, signal: options.signal }, work);
    } catch (error) {
      // Compaction may have taken a file out between the listing and the read.
      if (!(error instanceof QueryError) || !/No files found|Cannot open file|No such file/.test(error.message))
        throw error;
      await this.#refreshTables();
      return this.#attempt({ sql, statement, signal: options.signal }, work);
    }
  }

  async #attempt<T>(asked: Asked, work: Work<T>): Promise<T> {
    const connection = await this.instance.connect();
    const letGo = interruptOnAbort(connection, asked.signal);
    try {
      await refuseOtherStatements(connection, asked.statement, this.schemas);
      asked.signal?.throwIfAborted();
      return await work(connection, asked.statement);
    } catch (error) {
      connection.closeSync();
      throw queryErrorOf(error, asked);
    } finally {
      letGo();
    }
  }

  /** Points each table's view at its files, or at an empty relation while there are none. */
  async #refreshTables(): Promise<void> {
    await this.#mustExist();
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
    if (await this.#settled.dropChanged()) await this.#defineCurrentWindows();
  }

  /** A lake that went away must not look like an empty one. */
  async #mustExist(): Promise<void> {
    try {
      await stat(this.root);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new QueryError(`The lake is gone: there is no folder ${this.root} any more.`);
    }
  }

  async #defineCurrentWindows(): Promise<void> {
    const { days, files } = this.#settled;
    const others =
      days.length === 0
        ? {}
        : { from: `(SELECT * FROM windowed_metrics WHERE dt NOT IN (${days.map(sqlLiteral).join(', ')}))` };
    const view = windowedMetricsCurrentView('duckdb', others);
    const once = `(${duckDbSelect(WINDOWED_METRICS, files.map(globLiteral))})`;
    await this.catalog.run(
      `CREATE OR REPLACE VIEW windowed_metrics_current AS ${days.length === 0 ? view : `${windowsDeliveredOnce(once)} UNION ALL ${view}`}`,
    );
  }
}

function columnsOf(result: { columnNames(): string[]; columnType(index: number): unknown }): QueryColumn[] {
  return result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));
}

/** What went wrong for people, or the reason of `signal` when that ended the query. */
function queryErrorOf(error: unknown, { sql, statement, signal }: Asked): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof QueryError) return error;
  const message = messageOf(error);
  const position = statement === sql ? errorPosition(message, sql) : undefined;
  return new QueryError(message, { cause: error, position });
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
