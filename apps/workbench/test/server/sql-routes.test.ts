import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QueryError, type QueryResult } from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/server/create-app.js';
import { makeFolder, SmallLake } from '../cli/support/small-lake.js';
import { fakeQueryEngine } from './fake-query-engine.js';

const HOST = { host: '127.0.0.1:4100' };
const JSON_TYPE = { 'content-type': 'application/json' };
const bindings: object = { incoming: { socket: { localPort: 4100 } } };

let folder: string;
let engine: DuckDbQueryEngine;
beforeAll(async () => {
  folder = await makeFolder();
  const lake = new SmallLake(join(folder, 'lake'));
  const csv = join(folder, 'metrics.csv');
  const row = (component: string) => `${component},latency,ms,1,2,2024-05-30T10:00:00Z,2024-05-30T10:05:00Z`;
  await writeFile(
    csv,
    ['componentName,metricName,unit,minValue,maxValue,fromTimestamp,toTimestamp', row('cart'), row('<b>"')].join('\n'),
  );
  await lake.ingest(['metrics', csv]);
  engine = await DuckDbQueryEngine.open(lake.root);
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly columns: readonly { name: string; type: string }[];
  readonly rows: readonly unknown[][];
  readonly truncated: boolean;
  readonly error: string;
  readonly position?: { line: number; column: number };
}

async function post(
  body: string,
  {
    headers = JSON_TYPE,
    of = engine,
  }: { headers?: Record<string, string>; of?: Parameters<typeof createApp>[0]['engine'] } = {},
) {
  const app = createApp({ engine: of, pageDir: folder, clock: () => 0 });
  const response = await app.request('/api/sql', { method: 'POST', body, headers: { ...HOST, ...headers } }, bindings);
  return { status: response.status, answer: (await response.json()) as Answer };
}
const ask = (sql: string) => post(JSON.stringify({ sql }));

describe('POST /api/sql', () => {
  test('answers a statement with its columns and rows', async () => {
    const { status, answer } = await ask('SELECT component_name, max_value FROM windowed_metrics_current ORDER BY 1');
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      columns: [
        { name: 'component_name', type: 'VARCHAR' },
        { name: 'max_value', type: 'DOUBLE' },
      ],
      rows: [
        ['<b>"', 2],
        ['cart', 2],
      ],
      truncated: false,
    });
  });

  test('says where a fault is', async () => {
    const { status, answer } = await ask('SELECT component_name\nFROM windowed_metric');
    expect(status).toBe(422);
    expect(answer.error).toContain('windowed_metric');
    expect(answer.position).toEqual({ line: 2, column: 6 });
  });

  test.each([
    'DROP VIEW traffic_reports',
    "COPY (SELECT 1) TO 'x.csv'",
    "SELECT * FROM read_text('/etc/hostname')",
    '',
  ])('refuses %j', async (sql) => {
    const { status, answer } = await ask(sql);
    expect(status).toBe(422);
    expect(answer.error).toMatch(/\w/);
  });

  test('gives the first ten thousand rows of more, and says so', async () => {
    const { answer } = await ask('SELECT * FROM range(10001)');
    expect([answer.rows.length, answer.truncated]).toEqual([10_000, true]);
    expect((await ask('SELECT * FROM range(10000)')).answer.truncated).toBe(false);
  });

  test('bounds the size of an answer, and ends the query then', async () => {
    const { answer } = await ask("SELECT repeat('x', 10000) FROM range(1000000)");
    expect(answer.truncated).toBe(true);
    expect(answer.rows.length).toBe(1600);
  });

  test.each([
    ['no type', {}, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text', { 'content-type': 'text/plain' }, 415],
    ['another site', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbouring site', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', { ...JSON_TYPE, origin: 'http://elsewhere.example' }, 403],
    ['another host', { ...JSON_TYPE, host: 'elsewhere.example' }, 403],
  ])('refuses what comes from %s', async (_, headers, expected) => {
    const fake = fakeQueryEngine(() => ({ columns: [], rows: [] }));
    const { status } = await post('{"sql":"SELECT 1"}', { headers, of: fake });
    expect(status).toBe(expected);
    expect(fake.asked).toEqual([]);
  });

  test.each(['', 'SELECT 1', '[]', '{}', '{"sql": 1}', 'null'])('refuses the body %j', async (body) => {
    const { status, answer } = await post(body);
    expect([status, answer.error]).toEqual([400, 'Send {"sql": "SELECT …"}.']);
  });

  test('refuses a statement that is too long', async () => {
    expect((await ask(`SELECT '${'x'.repeat(300_000)}'`)).status).toBe(413);
  });

  test('tells a fault of the server without its detail', async () => {
    const broken = fakeQueryEngine((): QueryResult => {
      throw new Error('secret');
    });
    const { status, answer } = await post('{"sql":"SELECT 1"}', { of: broken });
    expect(status).toBe(500);
    expect(answer.error).not.toContain('secret');
    const refused = fakeQueryEngine((): QueryResult => {
      throw new QueryError('no');
    });
    expect((await post('{"sql":"SELECT 1"}', { of: refused })).status).toBe(422);
  });

  test('is the only way', async () => {
    const app = createApp({ engine, pageDir: folder, clock: () => 0 });
    const get = await app.request('/api/sql?sql=SELECT', { headers: HOST }, bindings);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('GET /api/tables lists the tables with columns that a statement can name', async () => {
  const app = createApp({ engine, pageDir: folder, clock: () => 0 });
  const response = await app.request('/api/tables', { headers: HOST }, bindings);
  const { tables } = (await response.json()) as { tables: { name: string; columns: { name: string }[] }[] };
  expect(tables.map(({ name }) => name)).toEqual([
    'windowed_metrics_current',
    'windowed_metrics',
    'traffic_reports',
    'traffic_reports_enriched',
    'rejected_records',
    'pipeline_runs',
  ]);
  for (const { name, columns } of tables) {
    const list = columns.map((column) => `"${column.name}"`).join(', ');
    expect((await engine.query(`SELECT ${list} FROM ${name} LIMIT 1`)).columns).toHaveLength(columns.length);
  }
});
