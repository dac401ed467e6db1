import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, event, HEADER, row } from './support/records.js';
import { runCommand } from './support/run-command.js';
import { folderOfTest, lakeOfTest, makeFolder, SmallLake } from './support/small-lake.js';

let folder: string;
let lake: SmallLake;

beforeAll(async () => {
  folder = await makeFolder();
  lake = new SmallLake(join(folder, 'lake'));
  await writeFile(join(folder, 'a.csv'), `${HEADER}\n${row()}\n${row({ component: '"a,""b"""' })}\ntorn\n`);
  await writeFile(join(folder, 'a.ndjson'), `${event('10:00:00', 1)}\n${event('10:01:00', 2)}\n`);
  const first = [call(), call(), call({ source: 'search-service' }), call({ source: 'old-service', status: 500 })];
  const second = [
    call(),
    call({ source: 'search-service' }),
    call({ source: 'search-service' }),
    call({ source: 'new-service' }),
  ];
  const lines = [...first, ...second.map((line) => line.replace('05-31', '06-01'))];
  await writeFile(join(folder, 'order-service-2024-05-31.txt'), lines.join('\n'));
  await lake.ingest(['metrics', join(folder, 'a.csv')]);
  await lake.ingest(['events', join(folder, 'a.ndjson')]);
  await lake.ingest(['logs', join(folder, 'order-service-2024-05-31.txt')]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('--json', () => {
  test.each([
    [['sql', 'SELECT 1 AS one'], [{ one: 1 }]],
    [['sql', 'SELECT 1 AS one WHERE false', '--format', 'csv'], []],
    [['report'], { date: '2024-06-01' }],
    [['report', '--compare', '2024-05-31'], { compare: '2024-05-31' }],
    [['report', '--date', '1999-01-01'], { date: '1999-01-01', rows: [] }],
    [['runs', '--limit', '1'], { damaged: [] }],
    [['verify'], { ok: true, problems: [] }],
    [
      ['doctor'],
      { checks: [{ name: 'Node.js', ok: true }, { name: 'DuckDB', ok: true }, {}, {}, { name: 'lake', ok: true }] },
    ],
    [['ingest', 'metrics', '.'], { runs: [] }],
    [['ingest', 'events', '-', '--mode', 'bounded'], { counts: { read: 0 } }],
    [['ingest', 'logs', '.', '--date', '2024-05-31'], { runs: [] }],
    [['generate', '--preset', 'faulty', '--scale', '0.01', '--out', 'made'], { preset: 'faulty', seed: 1 }],
  ])('prints one document and nothing else: %j', async (args, document) => {
    const own = new SmallLake(lake.root);
    const paths: Record<string, string> = { metrics: 'a.csv', logs: 'order-service-2024-05-31.txt', made: 'made' };
    const words = args.map((word) =>
      word === '.' || word === 'made' ? join(folder, paths[word === '.' ? args[1]! : word]!) : word,
    );
    const { stdout, stderr } = await own.run([...words, '--json'], { isTerminal: true });
    expect(stdout).toMatch(/^[[{][\s\S]*[\]}]\n$/);
    expect(JSON.parse(stdout)).toMatchObject(document);
    // On a terminal there may be progress, which is wiped out; nothing else.
    expect(stderr.split('\u001b[1G').at(-1)).toBe('');
  });

  test('prints nothing on standard output when a command fails', async () => {
    const { exitCode, stdout, stderr } = await lake.run(['sql', 'SELECT nothing', '--json']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('nothing');
  });
});

describe('sql', () => {
  const SQL = `SELECT component_name, max_value AS highest, sum_value FROM windowed_metrics_current
    WHERE source = 'batch' ORDER BY component_name`;

  test('prints a table', async () => {
    const { exitCode, stdout } = await lake.run(['sql', SQL]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'component_name  highest  sum_value',
        '──────────────  ───────  ─────────',
        'a,"b"                 2',
        'cart                  2',
        '(2 rows)',
        '',
      ].join('\n'),
    );
  });

  test('prints CSV with a header line and RFC 4180 quotes', async () => {
    const { stdout } = await lake.run(['sql', SQL, '--format', 'csv']);
    expect(stdout).toBe('component_name,highest,sum_value\n"a,""b""",2,\ncart,2,\n');
  });

  test('prints JSON', async () => {
    const { stdout } = await lake.run(['sql', SQL, '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual([
      { component_name: 'a,"b"', highest: 2, sum_value: null },
      { component_name: 'cart', highest: 2, sum_value: null },
    ]);
  });

  test('averages are sums over counts and nothing else', async () => {
    const rows = await lake.rows('SELECT DISTINCT source, avg_value FROM windowed_metrics_current ORDER BY source');
    expect(rows).toEqual([
      { source: 'batch', avg_value: null },
      { source: 'stream', avg_value: 1.5 },
    ]);
  });

  test.each([
    ['DROP VIEW traffic_reports', 'read-only'],
    [`COPY (SELECT 1) TO 'x.csv'`, 'read-only'],
    ['SELECT 1; SELECT 2', 'One statement at a time'],
    [`SELECT * FROM read_csv('/etc/passwd')`, 'not allowed'],
    ['SELECT * FROM nowhere', 'nowhere'],
    ['SELECT', 'SELECT clause without selection list'],
    ['', ''],
  ])('fails on %s', async (sql, message) => {
    const { exitCode, stdout, stderr } = await lake.run(['sql', sql]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.length).toBeGreaterThan(5);
  });

  test('prints a table of 200,000 rows', async () => {
    const { exitCode, stdout } = await lake.run(['sql', 'SELECT * FROM range(200000)']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(-3)).toEqual(['199999', '(200,000 rows)', '']);
  });

  test('fails when there are more rows than --max-rows', async () => {
    const { exitCode, stderr } = await lake.run(['sql', 'SELECT * FROM range(11)', '--max-rows', '10']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('more than 10 rows. Add a LIMIT');
    expect((await lake.run(['sql', 'SELECT * FROM range(10)', '--max-rows', '10'])).exitCode).toBe(0);
  });
});

describe('report', () => {
  test('prints the last day unless another is asked for', async () => {
    const { stdout } = await lake.run(['report']);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'Traffic of 2024-06-01',
      'source          target         requests  failed',
      '──────────────  ─────────────  ────────  ──────',
      'search-service  order-service         2       0',
    ]);
    expect((await lake.run(['report', '--date', '2024-05-31'])).stdout).toContain(
      'old-service     order-service         1       1',
    );
  });

  test('--compare prints what appeared, vanished and changed', async () => {
    const { stdout } = await lake.run(['report', '--compare', '2024-05-31']);
    const changes = stdout
      .slice(stdout.indexOf('Since 2024-05-31'))
      .split('\n')
      .slice(3)
      .map((line) => line.trim().split(/ {2,}/));
    expect(changes.filter((cells) => cells.length > 1).sort()).toEqual([
      ['cart-service', 'order-service', 'fewer', '2', '1'],
      ['new-service', 'order-service', 'new', '0', '1'],
      ['old-service', 'order-service', 'vanished', '1', '0'],
      ['search-service', 'order-service', 'more', '1', '2'],
    ]);
    expect((await lake.run(['report', '--compare', '2024-06-01'])).stdout).toContain('Nothing changed.');
  });

  test('says what to do when there is none', async () => {
    const empty = await lakeOfTest();
    await empty.ingest(['metrics', join(folder, 'a.csv')]);
    const { exitCode, stdout } = await empty.run(['report']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('No traffic report yet. Make one: pulselake ingest logs FILES…');
    expect((await empty.run(['report', '--date', '2024-05-31'])).stdout).toContain(
      'No calls between services on 2024-05-31.',
    );
  });
});

test('runs prints what each run read and where it went, the last ones first to be seen', async () => {
  const { stdout } = await lake.run(['runs']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^started \(UTC\) +stage +status +inputs +read +accepted/);
  expect(stdout).toMatch(/metrics-etl +succeeded +1 +3 +2 +0 +0 +0 +1/);
  expect((await lake.run(['runs', '--limit', '1'])).stdout).toMatch(/\([34] earlier runs; --limit shows more\)/);
});

test('doctor finds no lake and says how to make one', async () => {
  const { exitCode, stdout } = await (await lakeOfTest()).run(['doctor']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ok {4}Node\.js: \d+/);
  expect(stdout).toContain('yet; pulselake start makes one');
});

test('doctor fails on a lake that it cannot use', async () => {
  const directory = await folderOfTest();
  await writeFile(join(directory, 'lake.json'), '{}');
  const { exitCode, stdout } = await runCommand(['doctor', '--lake', directory]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('FAIL  lake: ');
});
