/** A column of a result. */
export interface QueryColumn {
  readonly name: string;
  /** SQL type as the engine names it, for example `VARCHAR`, `DOUBLE`, `BIGINT`, `TIMESTAMP`. */
  readonly type: string;
}

/**
 * A value of a result: numbers are doubles, integers beyond 2^53 and decimals that no double holds are texts, instants
 * are ISO-8601 texts ending in `Z`.
 */
export type QueryValue = string | number | boolean | null | QueryValue[] | { [key: string]: QueryValue };

/** What a query took, as far as the engine knows. */
export interface QueryStatistics {
  /** Identifies the query where it ran. */
  readonly queryId?: string;
  /** Bytes read from storage. */
  readonly bytesScanned?: number;
  /** Price of the query in US dollars. */
  readonly costUsd?: number;
  /** Whether the result is that of an earlier query. */
  readonly isReused?: boolean;
}

/** A whole result. */
export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly QueryValue[])[];
  readonly statistics?: QueryStatistics;
}

/** What a query may be told. */
export interface QueryOptions {
  /** Stops the query. */
  readonly signal?: AbortSignal;
  /** Most rows returned, default 1,000,000; a larger result is refused with `QueryError`. */
  readonly maxRows?: number;
  /** Values of the statement's `?`, in order, each as an SQL literal: `'a text'`, `42`, `DATE '2024-02-29'`. */
  readonly parameters?: readonly string[];
}

/** Runs read-only SQL on the lake: DuckDB here, Athena on AWS. */
export interface QueryEngine {
  /** @throws QueryError when the statement is not allowed, cannot be parsed, or fails */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}

/** An engine that also gives a result part by part, so that memory holds one part at a time. */
export interface StreamingQueryEngine extends QueryEngine {
  /**
   * Parts of one result, each with the columns; at least one, which may be empty. Leaving the loop ends the query.
   *
   * @throws QueryError as {@link QueryEngine.query}
   */
  stream(sql: string, options?: Omit<QueryOptions, 'maxRows'>): AsyncIterable<QueryResult>;
}
