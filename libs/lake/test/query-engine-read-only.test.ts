import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QueryError } from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '../src/index.js';
import { refuseOtherStatements } from '../src/refuse-other-statements.js';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLake, snapshot } from './support/lakes.js';
import { fillSmallLake } from './support/small-lake.js';
import { keptFolder } from './support/temporary-folder.js';

const folder = keptFolder();
const root = join(folder.path, 'lake');
const outside = join(folder.path, 'outside');
let engine: DuckDbQueryEngine;
let before: unknown;

/** Files with their content, and folders: binding a statement may already make one. */
const everything = async () => [await snapshot(folder.path), readdirSync(folder.path, { recursive: true }).sort()];

beforeAll(async () => {
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.csv'), 'a,b\n1,2\n');
  await fillSmallLake(await openLake(root));
  symlinkSync(join(outside, 'secret.csv'), join(root, 'landing-link.csv'));
  symlinkSync(outside, join(root, 'linked'));
  engine = await DuckDbQueryEngine.open(root);
  before = await everything();
});
afterAll(async () => {
  await engine.close();
  folder.remove();
});

const refused = async (sql: string) => {
  await expect(engine.query(sql)).rejects.toBeInstanceOf(QueryError);
  expect(await everything()).toEqual(before);
};

describe('SQL on the lake', () => {
  it.each([
    'SELECT 1',
    'select count(*) from windowed_metrics_current',
    'FROM traffic_reports',
    'TABLE traffic_reports',
    'VALUES (1)',
    'WITH a AS (SELECT 1 AS x) SELECT * FROM a',
    '(SELECT 1) UNION (SELECT 2)',
    'DESCRIBE windowed_metrics',
    'SHOW TABLES',
    'SUMMARIZE traffic_reports',
    'EXPLAIN SELECT * FROM windowed_metrics',
    'EXPLAIN ANALYZE SELECT * FROM windowed_metrics',
    'explain (format json) select 1',
    'EXPLAIN(SELECT 1)',
    '-- a comment\n/* another; */ SELECT 1; -- at the end',
    "SELECT 'INSERT INTO x; COPY y TO z' AS text",
    "SELECT count(*) FROM windowed_metrics WHERE metric_name = 'query' AND unit = 'checkpoint'",
    "SELECT 'read_text(x)', 'enable_logging()' AS \"glob('*')\"",
    'SELECT * FROM main.windowed_metrics JOIN memory.main.traffic_reports ON true',
    'SELECT table_name FROM information_schema.tables',
    'SELECT * FROM generate_series(1, 3) AS t(n), LATERAL (SELECT unnest([n, n]))',
    'FROM (VALUES (1, 2)) AS v(a, b) UNPIVOT (x FOR name IN (a, b))',
    'FROM traffic_reports PIVOT (sum(total_requests) FOR source IN (1, 2))',
    'WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 3) FROM c',
    "SELECT * FROM windowed_metrics WHERE metric_name LIKE '%.parquet' QUALIFY row_number() OVER () = 1",
    'SELECT (SELECT max(x) FROM (SELECT unnest(list_transform([1, 2], lambda e: e + 1)) AS x))',
  ])('may read: %s', async (sql) => {
    await expect(engine.query(sql)).resolves.toHaveProperty('rows');
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  \n'],
    ['a comment alone', '-- nothing'],
    ['a semicolon alone', ';'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a second statement that writes', `SELECT 1; CREATE TABLE t (a INT)`],
    ['CREATE TABLE', 'CREATE TABLE t (a INT)'],
    ['CREATE TEMP TABLE', 'CREATE TEMP TABLE t AS SELECT 1'],
    ['CREATE VIEW', 'CREATE OR REPLACE VIEW traffic_reports AS SELECT 1'],
    ['CREATE MACRO', 'CREATE MACRO now() AS 1'],
    ['CREATE SECRET', 'CREATE SECRET s (TYPE s3)'],
    ['DROP', 'DROP VIEW traffic_reports'],
    ['ALTER', 'ALTER VIEW traffic_reports RENAME TO t'],
    ['INSERT', 'INSERT INTO traffic_reports VALUES (1)'],
    ['INSERT after WITH', 'WITH a AS (SELECT 1) INSERT INTO traffic_reports SELECT * FROM a'],
    ['UPDATE', 'UPDATE traffic_reports SET source = 1'],
    ['DELETE', 'DELETE FROM traffic_reports'],
    ['ATTACH', `ATTACH ':memory:' AS other`],
    ['ATTACH of a file', `ATTACH '${root}/new.db'`],
    ['USE', 'USE memory'],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', 'LOAD httpfs'],
    ['SET', 'SET threads = 1'],
    ['SET of access', 'SET enable_external_access = true'],
    ['SET VARIABLE', 'SET VARIABLE x = 1'],
    ['RESET', 'RESET threads'],
    ['PRAGMA', 'PRAGMA threads = 1'],
    ['CALL', 'CALL enable_logging()'],
    ['BEGIN', 'BEGIN'],
    ['PREPARE', 'PREPARE p AS SELECT 1'],
    ['CHECKPOINT', 'CHECKPOINT'],
    ['VACUUM', 'VACUUM'],
    ['COPY inside', `COPY (SELECT 1) TO '${root}/windowed_metrics/new.parquet'`],
    ['COPY over a file', `COPY (SELECT 1) TO '${root}/lake.json'`],
    ['COPY outside', `COPY (SELECT 1) TO '${outside}/new.csv'`],
    ['EXPORT inside', `EXPORT DATABASE '${root}/export'`],
    ['EXPORT outside', `EXPORT DATABASE '${outside}/export'`],
    ['IMPORT', `IMPORT DATABASE '${root}'`],
    ['EXPLAIN of COPY', `EXPLAIN COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPLAIN ANALYZE of COPY', `EXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/lake.json'`],
    ['EXPLAIN (ANALYZE) of COPY', `EXPLAIN (ANALYZE) COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPLAIN (ANALYZE, FORMAT) of COPY', `EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPLAIN with a comment', `EXPLAIN /* */ ANALYZE COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPLAIN hidden in comments', `EXPLAIN (ANALYZE /* ) SELECT 1 -- */) COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPORT behind nested comments', `/* /* */ SELECT */ EXPORT DATABASE '${root}/export'`],
    [
      'EXPLAIN behind nested comments',
      `/* /* */ EXPLAIN SELECT 1 -- */ EXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/n'`,
    ],
    [
      'EXPLAIN behind a carriage return',
      `-- \rEXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/n' /*\nEXPLAIN SELECT 1 --*/`,
    ],
    ['EXPLAIN of EXPLAIN', `EXPLAIN EXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/new.csv'`],
    ['EXPLAIN ANALYZE of DROP', 'EXPLAIN ANALYZE DROP VIEW traffic_reports'],
    ['EXPLAIN of EXPORT', `EXPLAIN EXPORT DATABASE '${root}/export'`],
    ['logging into a file', `SELECT * FROM enable_logging(storage := 'file', storage_path := '${root}/logs')`],
    ['logging in quotes', `SELECT * FROM system.main."Enable_Logging" (storage_path := '${root}/logs')`],
    ['logging behind a comment', `SELECT * FROM enable_logging/**/(storage_path := '${root}/logs')`],
    ['logging through a text', `SELECT * FROM query('FROM ena' || 'ble_logging(storage_path := ''${root}/logs'')')`],
    ['profiling into a file', `SELECT * FROM enable_profiling(save_location := '${root}/profile.json')`],
  ])('fails to take %s', async (_, sql) => {
    await refused(sql);
  });

  it.each([
    ['a file outside', `SELECT * FROM read_csv('${outside}/secret.csv')`],
    ['a file outside by path', `SELECT * FROM '${outside}/secret.csv'`],
    ['a file outside as text', `SELECT * FROM read_text('${outside}/secret.csv')`],
    ['a file outside as bytes', `SELECT * FROM read_blob('${outside}/secret.csv')`],
    ['a file outside as JSON', `SELECT * FROM read_json('${outside}/secret.csv')`],
    ['a file outside from within', `SELECT * FROM read_text('${root}/../outside/secret.csv')`],
    ['a relative path', `SELECT * FROM read_text('package.json')`],
    ['/etc/passwd', `SELECT * FROM read_text('/etc/passwd')`],
    ['the environment', `SELECT * FROM read_blob('/proc/self/environ')`],
    ['a variable of the environment', `SELECT getenv('HOME')`],
    ['a link to a file outside', `SELECT * FROM read_text('${root}/landing-link.csv')`],
    ['a file behind a link to a folder outside', `SELECT * FROM read_text('${root}/linked/secret.csv')`],
    ['names outside', `SELECT * FROM glob('${outside}/*')`],
    ['names outside from within', `SELECT * FROM glob('${root}/../*')`],
    ['names behind a link', `SELECT * FROM glob('${root}/linked/*')`],
    ['the structure of a file outside', `SELECT * FROM sniff_csv('${outside}/secret.csv')`],
    ['the network', `SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')`],
    ['a bucket', `SELECT * FROM read_parquet('s3://bucket/key')`],
    ['secrets', 'SELECT * FROM duckdb_secrets()'],
    ['a file of the lake', `SELECT * FROM read_text('${root}/lake.json')`],
    ['a file of the lake by path', `SELECT * FROM '${root}/lake.json'`],
    ['a file of the lake by path in quotes', `SELECT * FROM "${root}/lake.json"`],
    ['a file of the lake by a name in quotes', `SELECT * FROM main."${root}/lake.json"`],
    ['files of the lake by a pattern', `FROM '${root}/pipeline_runs/*/*.json'`],
    ['a file of the lake in a list', `SELECT * FROM read_json(['${root}/lake.json'])`],
    ['a file of the lake through a table of a text', `SELECT * FROM query_table('${root}/lake.json')`],
    ['a file of the lake through a macro', `SELECT * FROM histogram_values('${root}/lake.json', version)`],
    ['a file of the lake in a subquery', `SELECT (SELECT content FROM read_text('${root}/lake.json'))`],
    ['a file of the lake in EXISTS', `SELECT 1 WHERE EXISTS (FROM '${root}/lake.json')`],
    ['a file of the lake in a common table', `WITH a AS (FROM '${root}/lake.json') SELECT 1`],
    [
      'a file of the lake behind the name of a common table',
      `WITH "x.json" AS (SELECT 1) SELECT * FROM '${root}/lake.json'`,
    ],
    ['a file of the lake in a join', `FROM traffic_reports LEFT JOIN read_text('${root}/lake.json') ON true`],
    ['a file of the lake beside it', `FROM traffic_reports, LATERAL (FROM read_text('${root}/lake.json'))`],
    ['a file of the lake in a union', `SELECT 1 UNION ALL SELECT size FROM read_blob('${root}/lake.json')`],
    ['a file of the lake in an order', `SELECT 1 ORDER BY (SELECT size FROM read_blob('${root}/lake.json'))`],
    ['a file of the lake described', `DESCRIBE FROM '${root}/lake.json'`],
    ['a file of the lake described by name', `DESCRIBE '${root}/lake.json'`],
    ['a file of the lake summarized', `SUMMARIZE '${root}/lake.json'`],
    ['a file of the lake shown', `SHOW '${root}/lake.json'`],
    ['a file of the lake in a pivot', `PIVOT '${root}/lake.json' ON version`],
    ['a file of the lake in a pivot of values', `FROM '${root}/lake.json' PIVOT (count(*) FOR version IN (1))`],
    ['a file of the lake in EXPLAIN', `EXPLAIN FROM '${root}/lake.json'`],
    ['a file of the lake in EXPLAIN ANALYZE', `EXPLAIN ANALYZE FROM read_text('${root}/lake.json')`],
    ['a file of the lake in a table statement', `TABLE '${root}/lake.json'`],
    ['names of the lake', `SELECT * FROM glob('${root}/*')`],
    ['names of the lake in capitals', `SELECT * FROM system.main."GLOB"('${root}/*')`],
    ['names of the lake behind a comment', `SELECT * FROM glob/**/('${root}/*')`],
    ['the schema of a file of the lake', `SELECT * FROM parquet_schema('${root}/windowed_metrics/*/*.parquet')`],
    ['the metadata of a file of the lake', `SELECT * FROM parquet_metadata('${root}/windowed_metrics/*/*.parquet')`],
    ['the columns of a file of the lake', `SELECT * FROM pragma_table_info('${root}/lake.json')`],
    ['the log', `SELECT write_log('x')`],
    ['a tree that is run', `SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM glob(''*'')'))`],
  ])('fails to read %s', async (_, sql) => {
    await refused(sql);
  });

  it('fails to take an EXPLAIN ANALYZE that would write into a table', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run('CREATE TABLE t (a INT)');
    const explained = 'WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a';
    for (const sql of [explained, `EXPLAIN ANALYZE ${explained}`, `EXPLAIN ${explained}`])
      await expect(refuseOtherStatements(connection, sql)).rejects.toThrow(/^Only SELECT/);
    await refuseOtherStatements(connection, 'EXPLAIN ANALYZE SELECT * FROM t');
    instance.closeSync();
  });

  it('says what is allowed', async () => {
    await expect(engine.query('DROP TABLE x')).rejects.toThrow(/^Only SELECT, .* are allowed: the lake is read-only/);
    await expect(engine.query('SELECT 1; SELECT 2')).rejects.toThrow('One statement at a time; these are 2.');
    await expect(engine.query(' ')).rejects.toThrow('There is no statement.');
  });

  it('refuses a long chain of comments in no time', async () => {
    await expect(engine.query(`${'/**/('.repeat(5000)}query${'/**/'.repeat(5000)}x`)).rejects.toBeInstanceOf(
      QueryError,
    );
  }, 5000);
});
