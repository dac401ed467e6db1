import type { QueryValue } from '@pulselake/dashboards';

export interface TrinoResult {
  readonly columns: readonly string[];
  /** Values as our own engines give them: instants as ISO-8601 texts. */
  readonly rows: readonly (readonly QueryValue[])[];
  /** Read from storage. */
  readonly physicalInputBytes: number;
  readonly elapsedMs: number;
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly QueryValue[])[];
  readonly stats: { readonly physicalInputBytes: number; readonly elapsedTimeMillis: number };
  readonly error?: { readonly message: string; readonly errorName: string };
}

/** Where statements find their tables. */
export interface TrinoSession {
  readonly address: string;
  readonly catalog: string;
  readonly schema: string;
}

/**
 * Runs a statement as Athena would.
 *
 * @throws Error with Trino's words
 * @see https://trino.io/docs/current/develop/client-protocol.html
 */
export async function askTrino({ address, catalog, schema }: TrinoSession, sql: string): Promise<TrinoResult> {
  const headers = {
    'X-Trino-User': 'e2e',
    'X-Trino-Catalog': catalog,
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
  };
  let page = await pageOf(fetch(`${address}/v1/statement`, { method: 'POST', headers, body: sql }));
  let columns: Page['columns'] = [];
  const rows: (readonly QueryValue[])[] = [];
  for (;;) {
    if (page.error) throw new Error(`${page.error.errorName}: ${page.error.message}\n${sql}`);
    if (page.columns) columns = page.columns;
    for (const row of page.data ?? []) rows.push(row.map((value, at) => valueOf(value, columns?.[at]?.type ?? '')));
    if (page.nextUri === undefined) break;
    page = await pageOf(fetch(page.nextUri, { headers }));
  }
  const { physicalInputBytes, elapsedTimeMillis } = page.stats;
  return { columns: columns.map(({ name }) => name), rows, physicalInputBytes, elapsedMs: elapsedTimeMillis };
}

async function pageOf(asked: Promise<Response>): Promise<Page> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`Trino answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Page;
}

function valueOf(value: QueryValue, type: string): QueryValue {
  if (typeof value !== 'string') return value;
  if (type.startsWith('timestamp')) return `${value.replace(/ UTC$/, '').replace(' ', 'T')}Z`;
  if (type.startsWith('decimal')) return Number(value);
  return value;
}
