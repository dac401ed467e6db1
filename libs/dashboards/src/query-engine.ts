/** A column of a result. */
export interface QueryColumn {
  readonly name: string;
  /** SQL type as the engine names it, for example `VARCHAR`, `DOUBLE`, `BIGINT`, `TIMESTAMP`. */
  readonly type: string;
}

/** A value of a result: numbers are doubles, integers beyond 2^53 are texts, instants are ISO-8601 texts ending in `Z`. */
export type QueryValue = string | number | boolean | null | QueryValue[] | { [key: string]: QueryValue };

/** A whole result. */
export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly QueryValue[])[];
}

export interface QueryOptions {
  /** Stops the query. */
  readonly signal?: AbortSignal;
  /** Most rows returned, default 1,000,000; a larger result is refused with `QueryError`. */
  readonly maxRows?: number;
}

/** Runs read-only SQL on the lake: DuckDB here, Athena on AWS. */
export interface QueryEngine {
  /** @throws QueryError when the statement is not allowed, cannot be parsed, or fails */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}
