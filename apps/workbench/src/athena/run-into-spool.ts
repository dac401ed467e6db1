import { QueryError, type QueryValue, type StreamingQueryEngine } from '@pulselake/dashboards';
import { athenaText } from './athena-text.js';
import { columnInfo, isWide, type ColumnInfo } from './column-info.js';
import { parseDuckDbType } from './duckdb-type.js';
import type { StartRequest } from './execution.js';
import type { ResultSpool } from './result-spool.js';

const MAX_BIGINT = 2n ** 63n - 1n;

export interface RunOptions {
  readonly engine: StreamingQueryEngine;
  readonly spool: ResultSpool;
  readonly signal: AbortSignal;
  readonly maxResultBytes: number;
  /** Told whenever the result has grown. */
  readonly onGrown: () => Promise<void>;
}

/**
 * Runs a query and writes its rows into `spool`, part by part.
 *
 * @returns its columns
 * @throws QueryError when it fails, or its result is too large
 */
export async function runIntoSpool(
  { sql, parameters }: StartRequest,
  { engine, spool, signal, maxResultBytes, onGrown }: RunOptions,
): Promise<ColumnInfo[]> {
  let columns: { readonly name: string; readonly type: ReturnType<typeof parseDuckDbType>; isBig: boolean }[] = [];
  for await (const part of engine.stream(sql, { signal, parameters })) {
    if (columns.length === 0) {
      columns = part.columns.map(({ name, type }) => ({ name, type: parseDuckDbType(type), isBig: false }));
    }
    const wide = columns.flatMap((column, index) => (isWide(column.type) ? [{ column, index }] : []));
    for (const row of part.rows) {
      for (const { column, index } of wide) column.isBig ||= isBeyondBigint(row[index]);
    }
    await spool.append(part.rows.map((row) => columns.map(({ type }, index) => athenaText(row[index], type) ?? null)));
    if (spool.sizeBytes > maxResultBytes) {
      throw new QueryError(
        `The result has more than ${maxResultBytes} bytes, which is the most this endpoint keeps. Add a LIMIT, or aggregate.`,
      );
    }
    await onGrown();
  }
  return columns.map(({ name, type, isBig }) => columnInfo(name, type, isBig));
}

/** Whole numbers beyond 2^53 are texts. */
function isBeyondBigint(value: QueryValue | undefined): boolean {
  if (typeof value !== 'string') return false;
  const number = BigInt(value);
  return number > MAX_BIGINT || number < -MAX_BIGINT - 1n;
}
