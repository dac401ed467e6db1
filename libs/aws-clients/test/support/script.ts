import { createAthenaClient } from '../../src/index.js';
import type { Answer, Script } from './fake-athena.js';

export const ID = '11111111-2222-3333-4444-555555555555';

export const STARTED: Answer = { body: { QueryExecutionId: ID } };

/** An answer to GetQueryExecution. */
export const state = (
  State: string,
  {
    reason,
    type = 'DML',
    subtype = 'SELECT',
    statistics = { DataScannedInBytes: 25_000_000 },
  }: { reason?: string; type?: string; subtype?: string; statistics?: object } = {},
): Answer => ({
  body: {
    QueryExecution: {
      QueryExecutionId: ID,
      StatementType: type,
      SubstatementType: subtype,
      Status: { State, ...(reason !== undefined && { StateChangeReason: reason }) },
      Statistics: statistics,
    },
  },
});

/** An answer to GetQueryResults; `null` is NULL. The header is a row like any other. */
export const results = (
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly (string | null)[])[],
  NextToken?: string,
): Answer => ({
  body: {
    ResultSet: {
      Rows: rows.map((row) => ({ Data: row.map((value) => (value === null ? {} : { VarCharValue: value })) })),
      ResultSetMetadata: { ColumnInfo: columns.map(([Name, Type]) => ({ Name, Type, CatalogName: 'hive' })) },
    },
    ...(NextToken !== undefined && { NextToken }),
  },
});

export const ONE_ROW = results([['n', 'integer']], [['n'], ['7']]);

/** A query that succeeds with one row. */
export const SUCCESS: Script = {
  StartQueryExecution: [STARTED],
  GetQueryExecution: [state('QUEUED'), state('RUNNING'), state('SUCCEEDED')],
  GetQueryResults: [ONE_ROW],
};

/** The client of the library, in a hurry. */
export const clientOf = (endpoint: string, { maxAttempts = 1, requestTimeoutMs = 400 } = {}) =>
  createAthenaClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts,
    requestTimeoutMs,
  });
