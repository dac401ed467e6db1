import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryResult } from '@pulselake/dashboards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, type AppOptions } from '../../src/server/create-app.js';
import { fakeQueryEngine } from './fake-query-engine.js';

const NOW_MS = Date.parse('2024-03-01T12:00:00Z');
const TWO_ROWS: QueryResult = {
  columns: [{ name: 'a', type: 'VARCHAR' }],
  rows: [
    ['x', 1],
    ['<b>', null],
  ],
};

let pageDir: string;
beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'pulselake-page-'));
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
  await mkdir(join(pageDir, 'assets'));
  await writeFile(join(pageDir, 'assets/page-Bx_1-2.js'), 'export {};');
  await writeFile(join(pageDir, 'assets/secret.txt'), 'secret');
  await writeFile(join(pageDir, 'secret.txt'), 'secret');
});
afterAll(() => rm(pageDir, { recursive: true }));

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly port?: number;
}

/** What node-server hands on with a request, as far as the app reads it. */
const bindingsOf = (localPort: number): object => ({ incoming: { socket: { localPort } } });

/** A request as node-server hands it on: with the socket's port. */
function setUp({ answer = () => TWO_ROWS, ...options }: Partial<AppOptions> & { answer?: () => QueryResult } = {}) {
  const engine = fakeQueryEngine(answer);
  const app = createApp({ engine, pageDir, clock: () => NOW_MS, ...options });
  const get = (path: string, { method = 'GET', headers = {}, port = 4100 }: Asked = {}) =>
    app.request(path, { method, headers: { host: '127.0.0.1:4100', ...headers } }, bindingsOf(port));
  return { engine, get };
}

const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/assets/page-Bx_1-2.js', 'text/javascript; charset=utf-8'],
  ])('%s is served as %s', async (path, type) => {
    const response = await setUp().get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect((await response.text()).length).toBeGreaterThan(5);
  });

  test('a file that the browser has is not sent again', async () => {
    const { get } = setUp();
    const etag = (await get('/assets/page-Bx_1-2.js')).headers.get('etag') ?? '';
    const response = await get('/assets/page-Bx_1-2.js', { headers: { 'if-none-match': etag } });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  test('the page is asked for anew, what it loads never: its name changes with it', async () => {
    const { get } = setUp();
    expect((await get('/')).headers.get('cache-control')).toBe('no-cache');
    expect((await get('/assets/page-Bx_1-2.js')).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
  });

  test('fails with what to do when the page is not built', async () => {
    const response = await setUp({ pageDir: join(pageDir, 'missing') }).get('/');
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('build-runnable.mjs')]);
  });

  test.each([
    ['/secret.txt'],
    ['/assets/secret.txt'],
    ['/assets/..%2findex.html'],
    ['/assets/%2e%2e/index.html'],
    ['/assets/missing.js'],
  ])('fails to give %s', async (path) => {
    const response = await setUp().get(path);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toContain('There is nothing at');
  });

  test('nothing inline and nothing from elsewhere may run', async () => {
    for (const path of ['/', '/api/dashboards', '/nowhere']) {
      const { headers } = await setUp().get(path);
      expect(headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  test('HEAD gives the headers alone', async () => {
    for (const path of ['/', '/api/dashboards', '/api/live', '/healthz']) {
      const response = await setUp().get(path, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
  });

  test('fails on POST', async () => {
    const response = await setUp().get('/api/dashboards', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('who may ask', () => {
  test.each([['127.0.0.1:4100'], ['localhost:4100'], ['LOCALHOST:4100'], ['[::1]:4100']])('host %s', async (host) => {
    expect((await setUp().get('/healthz', { headers: { host } })).status).toBe(200);
  });

  test.each([
    ['evil.example:4100'],
    ['127.0.0.1.evil.example:4100'],
    ['localhost.evil.example:4100'],
    ['evil.example'],
    ['localhost:4101'],
    ['localhost'],
    ['0.0.0.0:4100'],
    ['user@localhost:4100'],
    [''],
  ])('fails for the host %j', async (host) => {
    const { engine, get } = setUp();
    const response = await get('/api/dashboards/pulselake-metrics/panels/series', { headers: { host } });
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toContain('refused');
    expect(engine.asked).toEqual([]);
  });

  test('fails without a host', async () => {
    const app = createApp({ engine: fakeQueryEngine(() => TWO_ROWS), pageDir, clock: () => NOW_MS });
    expect((await app.request('/healthz')).status).toBe(403);
  });

  test('port 80 may be left out', async () => {
    expect((await setUp().get('/healthz', { headers: { host: 'localhost' }, port: 80 })).status).toBe(200);
  });

  test('the origin may be the server itself', async () => {
    const headers = { origin: 'http://localhost:4100' };
    expect((await setUp().get('/healthz', { headers })).status).toBe(200);
  });

  test.each([
    ['https://evil.example'],
    ['http://evil.example:4100'],
    ['http://localhost:5173'],
    ['https://localhost:4100'],
    ['null'],
  ])('fails for the origin %s', async (origin) => {
    const response = await setUp().get('/api/live', { headers: { origin } });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('dashboards', () => {
  test('are listed with variables and panels, without SQL', async () => {
    const text = await (await setUp().get('/api/dashboards')).text();
    expect(JSON.parse(text)).toMatchObject([
      { uid: 'pulselake-metrics', variables: [{ name: 'component', multi: true }, {}, {}] },
      { uid: 'pulselake-traffic', stages: ['traffic-report'] },
      { uid: 'pulselake-health', stages: [], rows: [{}, {}, { title: 'Late and corrected' }, {}] },
    ]);
    expect(text).not.toMatch(/SELECT|__time/);
  });

  test('a panel is answered with the rows of each query and the step between its points', async () => {
    const { engine, get } = setUp();
    const response = await get(
      '/api/dashboards/pulselake-metrics/panels/series?from=2024-03-01T00:00:00Z&to=1709294400000&points=100&var-component=a&var-component=O%27Hara&var-unit=%25',
    );
    expect(await response.json()).toMatchObject({
      id: 'series',
      from: '2024-03-01T00:00:00.000Z',
      to: '2024-03-01T12:00:00.000Z',
      stepMs: 600_000,
      queries: [
        {
          refId: 'series',
          rows: [
            ['x', 1],
            ['<b>', null],
          ],
        },
      ],
    });
    expect(engine.asked).toHaveLength(1);
    expect(engine.asked[0]?.sql).toContain("component_name IN ('a', 'O''Hara')");
    expect(engine.asked[0]?.sql).toContain("INTERVAL '600000 milliseconds'");
    expect(engine.asked[0]?.sql).toContain("metric_name IN ('__all')");
    expect(engine.asked[0]?.options?.maxRows).toBeGreaterThan(0);
  });

  test('a panel with two queries has both', async () => {
    const response = await setUp().get('/api/dashboards/pulselake-traffic/panels/service-map?var-day=2024-03-01');
    expect(await response.json()).toMatchObject({ queries: [{ refId: 'nodes' }, { refId: 'edges' }] });
  });

  test('without a range the last 24 hours are shown', async () => {
    const response = await setUp().get('/api/dashboards/pulselake-health/panels/runs');
    expect(await response.json()).toMatchObject({ from: '2024-02-29T12:00:00.000Z', to: '2024-03-01T12:00:00.000Z' });
  });

  test('values of a variable are listed', async () => {
    const response = await setUp().get('/api/variables/pulselake-metrics/component');
    expect(await response.json()).toEqual({ values: ['x', '<b>'] });
  });

  test('the extent of the data is given, or nulls when there is none', async () => {
    const full = setUp({ answer: () => ({ columns: [], rows: [['2024-01-01', '2024-03-01']] }) });
    const empty = setUp({ answer: () => ({ columns: [], rows: [[null, null]] }) });
    expect(await (await full.get('/api/extent/pulselake-traffic')).json()).toEqual({
      firstDay: '2024-01-01',
      lastDay: '2024-03-01',
    });
    expect(await (await empty.get('/api/extent/pulselake-traffic')).json()).toEqual({ firstDay: null, lastDay: null });
  });

  test.each([
    ['/api/dashboards/other', 404],
    ['/api/dashboards/other/panels/series', 404],
    ['/api/dashboards/pulselake-metrics/panels/other', 404],
    ['/api/variables/pulselake-metrics/other', 404],
    ['/api/variables/other/component', 404],
    ['/api/extent/__proto__', 404],
    ['/api/nothing', 404],
    ['/api/dashboards/pulselake-metrics/panels/series?from=yesterday', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?from=2024-02-30T00:00:00Z', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?to=999999999999999', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?from=2&to=1', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?from=', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?points=0', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?points=1e9', 400],
    ['/api/dashboards/pulselake-metrics/panels/series?var-other=1', 400],
    ['/api/dashboards/pulselake-traffic/panels/pairs?var-day=a&var-day=b', 400],
  ])('fails on %s with %i', async (path, status) => {
    const { engine, get } = setUp();
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatch(/\w+/);
    expect(engine.asked).toEqual([]);
  });

  test('a range of ten years is answered', async () => {
    const path = '/api/dashboards/pulselake-metrics/panels/series?from=2014-01-01T00:00:00Z&to=2024-01-01T00:00:00Z';
    expect((await setUp().get(path)).status).toBe(200);
  });
});

describe('failing engines', () => {
  const PATH = '/api/dashboards/pulselake-health/panels/runs';

  test('fails with the reason of a query that failed', async () => {
    const answer = () => {
      throw Object.assign(new Error('no such table'), { name: 'QueryError' });
    };
    const response = await setUp({ answer }).get(PATH);
    expect([response.status, await errorOf(response)]).toEqual([500, 'The query failed: no such table']);
  });

  test('fails without any detail of a fault in the server, which is told to onError', async () => {
    const told: unknown[] = [];
    const answer = () => {
      throw new TypeError('undefined is not a function at /home/me/file.ts:1');
    };
    const response = await setUp({ answer, onError: (error) => told.push(error) }).get(PATH);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toBe('{"error":"The server failed while it answered. This is a bug in pulselake."}');
    expect(told).toHaveLength(1);
  });
});
