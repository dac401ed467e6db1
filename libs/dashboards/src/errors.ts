/** A caller asked a dashboard for something it does not offer: an unknown variable, or a value the place cannot take. */
export class DashboardRequestError extends Error {
  override readonly name = 'DashboardRequestError';
}

/** A dashboard's SQL uses a macro or a variable wrongly: a bug in the definition, not in the request. */
export class DashboardSqlError extends Error {
  override readonly name = 'DashboardSqlError';
}

/** A place in a statement. Both count from 1. */
export interface QueryPosition {
  readonly line: number;
  readonly column: number;
}

/** A statement that an engine does not allow, cannot parse, or that failed. */
export class QueryError extends Error {
  override readonly name: string = 'QueryError';
  /** Where in the statement the fault is, when the engine says it. */
  readonly position?: QueryPosition;

  constructor(message: string, options: ErrorOptions & { readonly position?: QueryPosition | undefined } = {}) {
    super(message, options);
    if (options.position) this.position = options.position;
  }
}

/** A result with more rows than were asked for. */
export class ResultTooLargeError extends QueryError {
  override readonly name = 'ResultTooLargeError';

  constructor(readonly maxRows: number) {
    super(`The result has more than ${maxRows} rows. Add a LIMIT, or aggregate.`);
  }
}
