import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../cli/support/run-command.js';
import { SmallLake } from '../cli/support/small-lake.js';
import { whileServing } from '../cli/support/while-serving.js';
import { Endpoint } from './support/endpoint.js';
import { sampleLake } from './support/sample-lake.js';

let folder: string;
let lake: SmallLake;
let endpoint: Endpoint;

beforeAll(async () => {
  const sample = await sampleLake();
  folder = sample.folder;
  lake = new SmallLake(sample.root);
  endpoint = await Endpoint.serve(sample.root);
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => vi.unstubAllEnvs());

const athena = (sql: string, ...args: string[]) =>
  runCommand(['sql', sql, '--engine', 'athena', '--endpoint', endpoint.url, ...args], { clock: () => Date.now() });

describe('sql --engine athena', () => {
  const SQL = `SELECT component_name, source, min_value, sample_count, from_timestamp FROM windowed_metrics_current
    WHERE metric_name = 'cpu-usage' ORDER BY 5, 1, 2 LIMIT 50`;

  it.each([['table'], ['csv'], ['json']])('prints as the embedded engine does: %s', async (format) => {
    const here = await lake.run(['sql', SQL, '--format', format]);
    const there = await athena(SQL, '--format', format);
    expect(there.exitCode).toBe(0);
    expect(there.stdout).toBe(here.stdout);
    expect(there.stdout.length).toBeGreaterThan(1000);
    expect(there.stderr).toMatch(/^Bytes scanned are not known\. Query [0-9a-f-]{36}\.\n$/);
  });

  it('prints JSON and nothing else with --json', async () => {
    const { stdout } = await athena("SELECT 'a' AS x", '--json');
    expect(JSON.parse(stdout)).toEqual([{ x: 'a' }]);
  });

  it('says when a result was reused', async () => {
    await athena('SELECT 1 AS once');
    const { stderr } = await athena('SELECT 1 AS once', '--result-reuse-minutes', '5');
    expect(stderr).toMatch(/^Result of an earlier query reused: nothing scanned\./);
  });

  it.each([
    ['a statement that fails', ['SELECT nothing FROM traffic_reports'], /^SYNTAX_ERROR: line 1:8: Referenced column/],
    [
      'another work group',
      ['SELECT 1', '--workgroup', 'team'],
      /^WorkGroup team is not found; there is primary\. Name a work group/,
    ],
    ['another database', ['SELECT 1', '--database', 'other'], /^Database other is not found/],
    ['more rows than wanted', ['SELECT * FROM range(10)', '--max-rows', '5'], /^The result has more than 5 rows/],
  ])('fails on %s', async (_, [sql = '', ...args], message) => {
    const { exitCode, stdout, stderr } = await athena(sql, ...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });

  it('fails without credentials, and says what to do', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    vi.stubEnv('HOME', folder);
    const { exitCode, stderr } = await athena('SELECT 1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The AWS credentials cannot be used');
    expect(stderr).toContain('any text will do for both keys');
  }, 30_000);

  it('fails where nothing answers', async () => {
    const args = ['sql', 'SELECT 1', '--engine', 'athena', '--endpoint', 'http://127.0.0.1:1'];
    const { exitCode, stderr } = await runCommand(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Athena could not be asked: connect ECONNREFUSED/);
  }, 30_000);

  it('stops its query when it is stopped', async () => {
    const stop = new AbortController();
    const sql =
      'SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE (a.range * b.range + c.range) % 7 = 5';
    setTimeout(() => stop.abort(), 700);
    const args = ['sql', sql, '--engine', 'athena', '--endpoint', endpoint.url];
    const { exitCode, stderr } = await runCommand(args, { signal: stop.signal, clock: () => Date.now() });
    expect([exitCode, stderr]).toEqual([1, 'Stopped.\n']);
    const { stdout } = await athena('SELECT 1 AS n', '--format', 'csv');
    expect(stdout).toBe('n\n1\n');
  });

  it.each([
    [['--engine', 'presto'], /Allowed choices are duckdb, athena/],
    [['--database', 'x'], /^--database is for Athena: add --engine athena/],
    [['--result-reuse-minutes', '5'], /^--result-reuse-minutes is for Athena/],
    [['--engine', 'athena', '--endpoint', 'nowhere'], /It must be an address like http/],
    [['--engine', 'athena', '--endpoint', 'file:///etc'], /It must be an address like http/],
    [['--engine', 'athena', '--output-location', 'bucket'], /It must be a place like s3:/],
    [['--engine', 'athena', '--result-reuse-minutes', '10081'], /a whole number from 0 to 10080/],
    [['--engine', 'athena', '--price-per-tb', 'free'], /It must be a number of US dollars/],
  ])('is used wrongly with %j', async (args, message) => {
    const { exitCode, stderr } = await lake.run(['sql', 'SELECT 1', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('alone loads the AWS SDK', () => {
    const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
    const loaded = new Set<string>();
    const load = (name: string) => {
      if (loaded.has(name)) return;
      loaded.add(name);
      const text = readFileSync(join(dist, name), 'utf8');
      expect(text, name).not.toMatch(/from ?"@(?:aws-sdk|smithy)\//);
      for (const [, next] of text.matchAll(/(?:from|import) ?"\.\/([\w-]+\.js)"/g)) load(next!);
    };
    load('main.js');
    expect(loaded.size).toBeGreaterThan(1);
  });
});

describe('serve', () => {
  it('answers the Athena API where it was asked to, and prints a line that works', async () => {
    let printed = '';
    const { exitCode } = await whileServing(lake, ['serve', '--no-watch', '--athena-port', '0'], async (_, url) => {
      const args = ['sql', 'SHOW TABLES', '--format', 'csv', '--engine', 'athena', '--endpoint', url];
      printed = (await runCommand(args, { clock: () => Date.now() })).stdout;
    });
    expect(exitCode).toBe(0);
    expect(printed.split('\n')).toContain('windowed_metrics_current');
  });

  it('answers it nowhere when it was not', async () => {
    const { stdout } = await whileServing(lake, ['serve', '--no-watch'], () => Promise.resolve());
    expect(stdout).not.toContain('Athena');
  });

  it('names the address in its document', async () => {
    const { stdout } = await whileServing(lake, ['serve', '--no-watch', '--athena-port', '0', '--json'], () =>
      Promise.resolve(),
    );
    expect(JSON.parse(stdout)).toMatchObject({
      athenaUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    });
  });

  it('is used wrongly with a name that has a port', async () => {
    const { exitCode, stderr } = await lake.run(['serve', '--athena-port', '0', '--athena-host', 'a.example:80']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/It must be the name of a host, without a port/);
  });

  it('fails when the port is taken, and leaves nothing open', async () => {
    const port = new URL(endpoint.url).port;
    const { exitCode, stderr } = await lake.run(['serve', '--no-watch', '--port', '0', '--athena-port', port]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken by another program`);
  });
});
