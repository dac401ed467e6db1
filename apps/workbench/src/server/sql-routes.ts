import { QueryError, type QueryResult, type StreamingQueryEngine } from '@pulselake/dashboards';
import {
  type ColumnType,
  TABLES,
  type TableDefinition,
  WINDOWED_METRICS_CURRENT,
  WINDOWED_METRICS_CURRENT_COLUMNS,
} from '@pulselake/data-model';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { App, AppOptions } from './create-app.js';

export const SQL_PATH = '/api/sql';

const MAX_STATEMENT_BYTES = 256 * 1024;
/** Rows that a table on the page can be searched and sorted in at once. */
const MAX_ROWS = 10_000;
/** Of the values of an answer, as text. */
const MAX_CHARACTERS = 16_000_000;

/** Adds `POST /api/sql`, one read-only statement, and `GET /api/tables`, what there is to ask. */
export function addSqlRoutes(
  app: App,
  { engine, clock }: { engine: StreamingQueryEngine } & Pick<AppOptions, 'clock'>,
) {
  app.get('/api/tables', (c) => c.json({ tables: describeTables() }));

  app.post(
    SQL_PATH,
    bodyLimit({
      maxSize: MAX_STATEMENT_BYTES,
      onError: (c) => c.json({ error: `A statement has at most ${MAX_STATEMENT_BYTES / 1024} KiB.` }, 413),
    }),
    async (c) => {
      refuseOtherSites(c);
      const sql = await statementOf(c);
      const started = clock();
      try {
        const answer = await firstRows(engine.stream(sql, { signal: c.req.raw.signal }));
        return c.json({ ...answer, ms: clock() - started });
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        return c.json({ error: error.message, ...(error.position && { position: error.position }) }, 422);
      }
    },
  );
}

/** A page of another site cannot send JSON without asking first; a browser says where a request comes from. */
function refuseOtherSites(c: Context): void {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') {
    throw new HTTPException(403, { message: 'Only this page may send statements.' });
  }
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new HTTPException(415, { message: `The type ${type ?? '(none)'} is not read; send application/json.` });
  }
}

async function statementOf(c: Context): Promise<string> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const sql = typeof body === 'object' && body !== null && 'sql' in body ? body.sql : undefined;
  if (typeof sql !== 'string') {
    throw new HTTPException(400, { message: 'Send {"sql": "SELECT …"}.' });
  }
  return sql;
}

/** The first rows of a result; the query ends when there are enough, in number or in size. */
async function firstRows(parts: AsyncIterable<QueryResult>) {
  let columns: QueryResult['columns'] = [];
  const rows: QueryResult['rows'][number][] = [];
  let characters = 0;
  for await (const part of parts) {
    columns = part.columns;
    for (const row of part.rows) {
      if (rows.length >= MAX_ROWS || characters >= MAX_CHARACTERS) return { columns, rows, truncated: true };
      rows.push(row);
      characters += JSON.stringify(row).length;
    }
  }
  return { columns, rows, truncated: false };
}

function describeTables() {
  const view = {
    name: WINDOWED_METRICS_CURRENT,
    description: 'The windows as they are now: repeats, corrections and parts put together. Ask this one.',
    columns: WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name, type }) => ({ name, type, description: '' })),
  };
  return [view, ...TABLES.filter(({ internal }) => internal !== true).map(describeTable)];
}

function describeTable({ name, comment, columns, partitions }: TableDefinition) {
  return {
    name,
    description: comment,
    columns: [
      ...columns.map((column) => ({ name: column.name, type: typeText(column.type), description: column.comment })),
      ...partitions.map((partition) => ({ name: partition.name, type: 'string', description: 'Partition' })),
    ],
  };
}

function typeText(type: ColumnType): string {
  if (typeof type === 'string') return type;
  if ('array' in type) return 'array';
  return 'struct' in type ? 'struct' : 'map';
}
