import { rm } from 'node:fs/promises';
import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  CreateNamedQueryCommand,
  GetDatabaseCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  InvalidRequestException,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  ListWorkGroupsCommand,
  MetadataException,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { glueTables, WINDOWED_METRICS_CURRENT_COLUMNS } from '@pulselake/data-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Endpoint } from './support/endpoint.js';
import { sampleLake } from './support/sample-lake.js';

let folder: string;
let endpoint: Endpoint;

beforeAll(async () => {
  const lake = await sampleLake();
  folder = lake.folder;
  endpoint = await Endpoint.serve(lake.root);
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
  expect(endpoint.faults).toEqual([]);
});

const TOKEN = (letter: string) => letter.repeat(32);
const LONG =
  'SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE (a.range * b.range + c.range) % 7 = 3';

describe('a query', () => {
  it('succeeds with its state, its times and its kind', async () => {
    const execution = await endpoint.run('SELECT 1 AS one', {
      QueryExecutionContext: { Database: 'pulselake', Catalog: 'AwsDataCatalog' },
      WorkGroup: 'primary',
    });
    expect(execution).toMatchObject({
      Query: 'SELECT 1 AS one',
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      WorkGroup: 'primary',
      QueryExecutionContext: { Database: 'pulselake', Catalog: 'AwsDataCatalog' },
      Status: { State: 'SUCCEEDED' },
      Statistics: { ResultReuseInformation: { ReusedPreviousResult: false } },
    });
    expect(Math.abs(execution.Status!.SubmissionDateTime!.getTime() - Date.now())).toBeLessThan(60_000);
    expect(execution.Statistics!.TotalExecutionTimeInMillis).toBeGreaterThanOrEqual(0);
    // DuckDB does not count them: nothing is better than an invented number.
    expect(execution.Statistics!.DataScannedInBytes).toBeUndefined();
  });

  it('has a header and the names of Athena for types', async () => {
    const { QueryExecutionId: id } = await endpoint.run(
      `SELECT true AS b, CAST(1 AS TINYINT) AS t, 1 AS i, CAST(1 AS BIGINT) AS l, CAST(1.5 AS DECIMAL(10, 2)) AS d, CAST(5 AS DOUBLE) AS x,
        'it''s' AS s, TIME '10:11:12' AS t0, TIME '10:11:12.5' AS t1, from_hex('48656C') AS bin, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:00:00.123' AS ts, from_unixtime(0) AS tz,
        ARRAY[1.0, 2.5] AS a, MAP(ARRAY['k'], ARRAY[1]) AS m, counts AS r, NULL AS n, '' AS e
      FROM pipeline_runs LIMIT 1`,
    );
    const { ResultSet } = await endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    const columns = ResultSet!.ResultSetMetadata!.ColumnInfo!;
    const values = ResultSet!.Rows![1]!.Data!.map(({ VarCharValue }) => VarCharValue);
    const header = ResultSet!.Rows![0]!.Data!.map(({ VarCharValue }) => VarCharValue);
    expect(header).toEqual(columns.map(({ Name }) => Name));
    expect(columns.map(({ Type }, index) => [Type, values[index]])).toEqual([
      ['boolean', 'true'],
      ['tinyint', '1'],
      ['integer', '1'],
      ['bigint', '1'],
      ['decimal', '1.50'],
      ['double', '5.0'],
      ['varchar', "it's"],
      ['time', '10:11:12.000'],
      ['time', '10:11:12.500'],
      ['varbinary', '48 65 6c'],
      ['date', '2024-02-29'],
      ['timestamp', '2024-02-29 12:00:00.123'],
      ['timestamp with time zone', '1970-01-01 00:00:00.000 UTC'],
      ['array', '[1.0, 2.5]'],
      ['map', '{k=1}'],
      [
        'row',
        expect.stringMatching(/^\{read=\d+, accepted=\d+, duplicate=0, external=\d+, outofrange=0, rejected=\d+\}$/),
      ],
      ['integer', undefined],
      ['varchar', ''],
    ]);
  });

  it('sums of whole numbers are bigint, as in Trino, until they are beyond it', async () => {
    const { QueryExecutionId: id } = await endpoint.run(
      'SELECT sum(n) AS small, sum(n) + 9223372036854775807 AS big FROM (VALUES (1), (2)) t(n)',
    );
    const { ResultSet } = await endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    expect(ResultSet!.ResultSetMetadata!.ColumnInfo!.map(({ Type }) => Type)).toEqual(['bigint', 'decimal']);
    expect(ResultSet!.Rows![1]!.Data).toEqual([{ VarCharValue: '3' }, { VarCharValue: '9223372036854775810' }]);
  });

  it.each([
    ['traffic_reports'],
    ['pulselake.traffic_reports'],
    ['"AwsDataCatalog"."pulselake"."traffic_reports"'],
    ['awsdatacatalog.pulselake.windowed_metrics_current'],
  ])('reads %s', async (table) => {
    const [, [rows]] = (await endpoint.texts(`SELECT count(*) AS n FROM ${table}`)) as [unknown, [string]];
    expect(Number(rows)).toBeGreaterThan(0);
  });

  it('takes parameters as literals, which end no text', async () => {
    const parameters = ["'order-service'", "'x'' OR 1 = 1 --'"];
    const execution = await endpoint.run('SELECT ? AS a, ? AS b', { ExecutionParameters: parameters });
    expect(execution.ExecutionParameters).toEqual(parameters);
    expect(await endpoint.texts('SELECT ? AS a, ? AS b', { ExecutionParameters: parameters })).toEqual([
      ['a', 'b'],
      ['order-service', "x' OR 1 = 1 --"],
    ]);
  });

  it.each([
    ['SHOW TABLES', 'UTILITY'],
    ['DESCRIBE traffic_reports', 'UTILITY'],
    ['EXPLAIN SELECT 1', 'UTILITY'],
  ])('%s has no header', async (sql, type) => {
    const execution = await endpoint.run(sql);
    expect(execution.StatementType).toBe(type);
    const { ResultSet } = await endpoint.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    );
    const names = ResultSet!.ResultSetMetadata!.ColumnInfo!.map(({ Name }) => Name);
    expect(ResultSet!.Rows!.length).toBeGreaterThan(0);
    expect(ResultSet!.Rows![0]!.Data!.map(({ VarCharValue }) => VarCharValue)).not.toEqual(names);
  });
});

describe('a query that fails', () => {
  it.each([
    ['syntax', 'SELECT 1 FROM WHERE', /^SYNTAX_ERROR: line 1:15: syntax error at or near "WHERE"$/],
    [
      'a column',
      'SELECT 1,\n  nothing FROM traffic_reports',
      /^SYNTAX_ERROR: line 2:3: Referenced column "nothing" not found/,
    ],
    ['a table', 'SELECT * FROM nothing', /^SYNTAX_ERROR: line 1:15: Table with name nothing does not exist/],
    [
      'a value',
      'SELECT CAST(source AS INTEGER) FROM traffic_reports',
      /^INVALID_CAST_ARGUMENT: line 1:8: Could not convert/,
    ],
    ['a file', "SELECT * FROM read_csv('/etc/passwd')", /^GENERIC_USER_ERROR: The function read_csv is not allowed/],
    ['a write', 'INSERT INTO traffic_reports VALUES (1)', /^NOT_SUPPORTED: Only SELECT, WITH/],
    ['DDL', 'CREATE TABLE x AS SELECT 1', /^NOT_SUPPORTED: Only SELECT, WITH/],
    ['a setting', 'SET threads = 1', /^NOT_SUPPORTED: Only SELECT, WITH/],
    ['a file behind NUL', "SELECT * FROM read_text('/etc/passwd')\0 )", /^(?:SYNTAX|GENERIC_USER)_ERROR: /],
    [
      'another schema',
      'SELECT * FROM elsewhere.traffic_reports',
      /^GENERIC_USER_ERROR: elsewhere.traffic_reports is no table/,
    ],
    ['two statements', 'SELECT 1; SELECT 2', /^GENERIC_USER_ERROR: One statement at a time/],
    ['too few parameters', 'SELECT ?', /^GENERIC_USER_ERROR: The statement has 1 places/, ['1', '2']],
  ])('tells of %s', async (_, sql, reason, parameters: string[] = []) => {
    const { Status, QueryExecutionId: id } = await endpoint.run(
      sql,
      parameters.length > 0 ? { ExecutionParameters: parameters } : {},
    );
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorCategory: 2, Retryable: false } });
    expect(Status!.StateChangeReason).toMatch(reason);
    await expect(endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }))).rejects.toThrow(
      'Query did not finish successfully. Final query state: FAILED',
    );
  });
});

describe('many queries', () => {
  it('come to their turn and to their own results', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => endpoint.texts(`SELECT ${n} AS n`)));
    expect(answers).toEqual(Array.from({ length: 60 }, (_, n) => [['n'], [String(n)]]));
  });
});

describe('pages of a result', () => {
  const ROWS =
    "SELECT n, CASE WHEN n % 3 = 0 THEN NULL WHEN n % 3 = 1 THEN '' ELSE repeat('x', 100) END AS text FROM range(12345) t(n) ORDER BY n";

  it.each([[1000], [999], [137]])('of %i rows hold each row once, in order', async (pageSize) => {
    const { QueryExecutionId: id } = await endpoint.run(ROWS);
    const rows: (string | undefined)[][] = [];
    for await (const page of paginateGetQueryResults({ client: endpoint.client, pageSize }, { QueryExecutionId: id })) {
      expect(page.ResultSet!.Rows!.length).toBeLessThanOrEqual(pageSize);
      rows.push(...page.ResultSet!.Rows!.map(({ Data }) => Data!.map(({ VarCharValue }) => VarCharValue)));
    }
    expect(rows.shift()).toEqual(['n', 'text']);
    expect(rows).toHaveLength(12_345);
    expect(
      rows.every(([n, text], index) => n === String(index) && text === [undefined, '', 'x'.repeat(100)][index % 3]),
    ).toBe(true);
  });

  it('of one row begin with the header alone', async () => {
    const { QueryExecutionId: id } = await endpoint.run('SELECT 7 AS n');
    const first = await endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1 }));
    expect(first.ResultSet!.Rows).toEqual([{ Data: [{ VarCharValue: 'n' }] }]);
    const second = await endpoint.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1, NextToken: first.NextToken }),
    );
    expect(second.ResultSet!.Rows).toEqual([{ Data: [{ VarCharValue: '7' }] }]);
    expect(second.NextToken).toBeUndefined();
  });

  it.each([
    ['a token of nobody', { NextToken: 'x' }, 'NextToken is invalid'],
    ['a token beyond the end', { NextToken: 'PLACEHOLDER' }, 'NextToken is invalid'],
    ['too many rows', { MaxResults: 1001 }, 'MaxResults is 1001; it must be a whole number from 1 to 1000'],
    ['no rows', { MaxResults: 0 }, 'MaxResults is 0'],
    ['a manifest', { QueryResultType: 'DATA_MANIFEST' as const }, 'QueryResultType must be DATA_ROWS'],
  ])('fail on %s', async (_, input, message) => {
    const { QueryExecutionId: id } = await endpoint.run('SELECT 1');
    const beyond = Buffer.from(`${id!}/99`).toString('base64url');
    const given = 'NextToken' in input && input.NextToken === 'PLACEHOLDER' ? { NextToken: beyond } : input;
    const attempt = endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...given }));
    await expect(attempt).rejects.toBeInstanceOf(InvalidRequestException);
    await expect(attempt).rejects.toThrow(message);
  });
});

describe('a start', () => {
  it('with the token of another is that one', async () => {
    const once = await endpoint.start('SELECT 1', { ClientRequestToken: TOKEN('a') });
    expect(await endpoint.start('SELECT 1', { ClientRequestToken: TOKEN('a') })).toBe(once);
    await expect(endpoint.start('SELECT 2', { ClientRequestToken: TOKEN('a') })).rejects.toThrow(
      'Idempotent parameters do not match',
    );
  });

  it('may reuse a result that is young enough', async () => {
    const reuse = (minutes: number) => ({
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: minutes } },
    });
    const sql = 'SELECT random() AS r';
    const first = await endpoint.texts(sql);
    expect(await endpoint.texts(sql)).not.toEqual(first);
    const latest = await endpoint.texts(sql);
    const reused = await endpoint.run(sql, reuse(60));
    expect(reused.Statistics!.ResultReuseInformation).toEqual({ ReusedPreviousResult: true });
    expect(await endpoint.texts(sql, reuse(60))).toEqual(latest);
    // Another query, or other parameters, is not the same.
    const other = await endpoint.run(`${sql} -- other`, reuse(60));
    expect(other.Statistics!.ResultReuseInformation).toEqual({ ReusedPreviousResult: false });
  });

  it.each([
    ['no query', { QueryString: '' }, 'QueryString is required'],
    ['a query that is too long', { QueryString: `SELECT '${'x'.repeat(262_144)}'` }, '262144 are allowed'],
    ['another work group', { QueryString: 'SELECT 1', WorkGroup: 'team' }, 'WorkGroup team is not found'],
    [
      'another database',
      { QueryString: 'SELECT 1', QueryExecutionContext: { Database: 'x' } },
      'Database x is not found',
    ],
    ['another catalog', { QueryString: 'SELECT 1', QueryExecutionContext: { Catalog: 'x' } }, 'Catalog x is not found'],
    ['a short token', { QueryString: 'SELECT 1', ClientRequestToken: 'abc' }, 'ClientRequestToken must have 32 to 128'],
  ])('fails on %s', async (_, input, message) => {
    const attempt = endpoint.client.send(new StartQueryExecutionCommand(input));
    await expect(attempt).rejects.toBeInstanceOf(InvalidRequestException);
    await expect(attempt).rejects.toThrow(message);
  });
});

describe('a stop', () => {
  it('cancels queries that would run for hours, and makes room for the next one', async () => {
    // As many as run at once.
    const ids = [await endpoint.start(LONG), await endpoint.start(LONG)];
    for (const id of ids) {
      while ((await endpoint.execution(id)).Status!.State !== 'RUNNING');
      await expect(endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }))).rejects.toThrow(
        'Query has not yet finished. Current state: RUNNING',
      );
    }
    for (const id of ids) {
      await endpoint.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      expect((await endpoint.execution(id)).Status).toMatchObject({
        State: 'CANCELLED',
        StateChangeReason: 'Query cancelled by user',
      });
    }
    expect(await endpoint.texts('SELECT 1 AS n')).toEqual([['n'], ['1']]);
  });

  it('leaves a query that has ended as it is', async () => {
    const { QueryExecutionId: id } = await endpoint.run('SELECT 1');
    await endpoint.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await endpoint.execution(id!)).Status!.State).toBe('SUCCEEDED');
  });
});

describe('an unknown id', () => {
  const input = { QueryExecutionId: '00000000-0000-0000-0000-000000000000' };
  it.each([
    ['GetQueryExecution', (client: AthenaClient) => client.send(new GetQueryExecutionCommand(input))],
    ['GetQueryResults', (client: AthenaClient) => client.send(new GetQueryResultsCommand(input))],
    ['StopQueryExecution', (client: AthenaClient) => client.send(new StopQueryExecutionCommand(input))],
  ])('fails %s', async (_, ask) => {
    const attempt = ask(endpoint.client);
    await expect(attempt).rejects.toBeInstanceOf(InvalidRequestException);
    await expect(attempt).rejects.toThrow(`QueryExecution ${input.QueryExecutionId} was not found`);
  });

  it('is told apart in a batch', async () => {
    const { QueryExecutionId: id } = await endpoint.run('SELECT 1');
    const { QueryExecutions, UnprocessedQueryExecutionIds } = await endpoint.client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id!, input.QueryExecutionId] }),
    );
    expect(QueryExecutions!.map(({ QueryExecutionId }) => QueryExecutionId)).toEqual([id]);
    expect(UnprocessedQueryExecutionIds).toMatchObject([input]);
    const { QueryExecutionIds } = await endpoint.client.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
    expect(QueryExecutionIds).toEqual([id]);
  });
});

describe('what there is', () => {
  const where = { CatalogName: 'AwsDataCatalog', DatabaseName: 'pulselake' };

  it('is one catalog, one database, one work group', async () => {
    const { client } = endpoint;
    const catalogs = await client.send(new ListDataCatalogsCommand({}));
    const databases = await client.send(new ListDatabasesCommand({ CatalogName: 'awsdatacatalog' }));
    const groups = await client.send(new ListWorkGroupsCommand({}));
    const group = await client.send(new GetWorkGroupCommand({ WorkGroup: 'primary' }));
    expect(catalogs.DataCatalogsSummary).toEqual([{ CatalogName: 'AwsDataCatalog', Type: 'GLUE' }]);
    expect(databases.DatabaseList!.map(({ Name }) => Name)).toEqual(['pulselake']);
    expect((await client.send(new GetDatabaseCommand(where))).Database!.Name).toBe('pulselake');
    expect(groups.WorkGroups!.map(({ Name }) => Name)).toEqual(['primary']);
    expect(group.WorkGroup!.Configuration!.EngineVersion!.EffectiveEngineVersion).toBe('Athena engine version 3');
  });

  it('are the tables of a deployed lake and its view, with their columns', async () => {
    const { TableMetadataList: tables } = await endpoint.client.send(new ListTableMetadataCommand(where));
    expect(tables!.map(({ Name }) => Name)).toEqual(
      [...glueTables().map(({ name }) => name), 'windowed_metrics_current'].sort(),
    );
    for (const { name, columns, partitionKeys } of glueTables()) {
      const { TableMetadata } = await endpoint.client.send(new GetTableMetadataCommand({ ...where, TableName: name }));
      expect(TableMetadata!.Columns!.map(({ Name, Type }) => [Name, Type])).toEqual(
        columns.map((column) => [column.name, column.type]),
      );
      expect(TableMetadata!.PartitionKeys!.map(({ Name }) => Name)).toEqual(partitionKeys.map((key) => key.name));
    }
    const { TableMetadata: view } = await endpoint.client.send(
      new GetTableMetadataCommand({ ...where, TableName: 'windowed_metrics_current' }),
    );
    expect(view!.TableType).toBe('VIRTUAL_VIEW');
    expect(view!.Columns!.map(({ Name }) => Name)).toEqual(WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name }) => name));
  });

  it('can be listed in pages and by a pattern', async () => {
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await endpoint.client.send(new ListTableMetadataCommand({ ...where, MaxResults: 2, NextToken }));
      names.push(...page.TableMetadataList!.map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(new Set(names).size).toBe(glueTables().length + 1);
    const some = await endpoint.client.send(new ListTableMetadataCommand({ ...where, Expression: 'traffic*' }));
    expect(some.TableMetadataList!.map(({ Name }) => Name)).toEqual(['traffic_reports', 'traffic_reports_enriched']);
  });

  it('fails on what there is not', async () => {
    const { client } = endpoint;
    for (const ask of [
      () => client.send(new ListDatabasesCommand({ CatalogName: 'other' })),
      () => client.send(new GetDatabaseCommand({ ...where, DatabaseName: 'other' })),
      () => client.send(new ListTableMetadataCommand({ ...where, DatabaseName: 'other' })),
      () => client.send(new GetTableMetadataCommand({ ...where, TableName: 'other' })),
    ]) {
      await expect(ask()).rejects.toBeInstanceOf(MetadataException);
    }
    await expect(client.send(new GetWorkGroupCommand({ WorkGroup: 'other' }))).rejects.toBeInstanceOf(
      InvalidRequestException,
    );
    await expect(
      client.send(new CreateNamedQueryCommand({ Name: 'n', Database: 'pulselake', QueryString: 'SELECT 1' })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('CreateNamedQuery is not offered by this local endpoint') as string,
    });
  });
});
