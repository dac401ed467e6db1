import type { QueryColumn, QueryValue } from '@pulselake/dashboards';
import { ask } from '../api/ask.js';

export interface SqlAnswer {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly QueryValue[])[];
  /** Whether there are more rows than these. */
  readonly truncated: boolean;
  /** How long the server took. */
  readonly ms: number;
}

export interface Table {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
}

/** @throws ApiError with the position of the fault, where the engine tells it */
export function askSql(sql: string, signal: AbortSignal): Promise<SqlAnswer> {
  const headers = { 'Content-Type': 'application/json' };
  return ask('/api/sql', { method: 'POST', headers, body: JSON.stringify({ sql }), signal });
}

export function askTables(signal: AbortSignal): Promise<{ tables: Table[] }> {
  return ask('/api/tables', { signal });
}
