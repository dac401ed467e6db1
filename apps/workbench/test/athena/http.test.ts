import { request } from 'node:http';
import fc from 'fast-check';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lakeOfFile } from './support/lake-of-file.js';
import { Endpoint } from './support/endpoint.js';

let endpoint: Endpoint;
const lake = lakeOfFile();

beforeAll(async () => {
  endpoint = await Endpoint.serve(lake.root(), { hosts: ['host.docker.internal'] });
});
afterAll(async () => {
  await endpoint.close();
  expect(endpoint.faults).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** Sends a request with just these headers; fetch would not let the host be another. */
function send(body: string, headers: Record<string, string>, method = 'POST', path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${endpoint.url}${path}`, { method, headers, agent: false }, (answer) => {
      text(answer).then(
        (answered) => resolve({ status: answer.statusCode!, type: answer.headers['content-type'], body: answered }),
        reject,
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const target = (operation: string) => ({
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': `AmazonAthena.${operation}`,
});

describe('the protocol', () => {
  it('answers a request without a signature, and with any', async () => {
    for (const signature of [{}, { Authorization: 'AWS4-HMAC-SHA256 Credential=nobody, Signature=00' }]) {
      const { status, type, body } = await send('{}', { ...target('ListDataCatalogs'), ...signature });
      expect([status, type]).toEqual([200, 'application/x-amz-json-1.1']);
      expect(JSON.parse(body)).toEqual({ DataCatalogsSummary: [{ CatalogName: 'AwsDataCatalog', Type: 'GLUE' }] });
    }
  });

  it.each([
    ['no JSON', '{', target('ListDataCatalogs'), 'SerializationException'],
    ['no object', '[1]', target('ListDataCatalogs'), 'SerializationException'],
    ['a text that is none', '{"QueryString": 1}', target('StartQueryExecution'), 'SerializationException'],
    [
      'parameters that are none',
      '{"QueryString": "SELECT ?", "ExecutionParameters": [1]}',
      target('StartQueryExecution'),
      'SerializationException',
    ],
    ['no target', '{}', {}, 'UnknownOperationException'],
    ['a target of another service', '{}', { 'X-Amz-Target': 'AWSGlue.GetTables' }, 'UnknownOperationException'],
    ['a target of every object', '{}', target('constructor'), 'UnknownOperationException'],
    [
      'a body that is too large',
      `{"QueryString": "${'x'.repeat(1_100_000)}"}`,
      target('StartQueryExecution'),
      'SerializationException',
    ],
  ])('fails on %s', async (_, body, headers, fault) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: fault });
    expect(answer.body).not.toMatch(/\bat .+:\d+/);
  });

  it('answers whatever members a request has, and never breaks', async () => {
    const members = [
      ...['QueryString', 'QueryExecutionId', 'NextToken', 'MaxResults', 'CatalogName', 'DatabaseName', 'TableName'],
      ...['Expression', 'WorkGroup', 'Name', 'ClientRequestToken', 'QueryExecutionContext', 'ExecutionParameters'],
      ...['ResultReuseConfiguration', 'QueryExecutionIds', 'QueryResultType', '__proto__'],
    ];
    const likely = fc.constantFrom('AwsDataCatalog', 'pulselake', 'primary', 'traffic_reports', '*(', '-1', '');
    const input = fc.dictionary(fc.constantFrom(...members), fc.oneof(likely, fc.jsonValue({ maxDepth: 2 })));
    const operation = fc.constantFrom(
      ...[
        'StartQueryExecution',
        'GetQueryExecution',
        'GetQueryResults',
        'StopQueryExecution',
        'BatchGetQueryExecution',
      ],
      ...['ListQueryExecutions', 'ListDataCatalogs', 'GetDataCatalog', 'ListDatabases', 'GetDatabase'],
      ...['ListTableMetadata', 'GetTableMetadata', 'ListWorkGroups', 'GetWorkGroup'],
    );
    await fc.assert(
      fc.asyncProperty(operation, input, async (name, body) => {
        const { status } = await send(JSON.stringify(body), target(name));
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 500 },
    );
  });

  it('tells a browser what it is', async () => {
    const { status, body } = await send('', {}, 'GET');
    expect(status).toBe(404);
    expect(body).toContain('This is a local Athena endpoint');
  });
});

describe('other sites', () => {
  const query = '{"QueryString":"SELECT 1"}';
  it.each([
    ['a foreign host', { Host: 'evil.example' }],
    ['a host that looks local', { Host: '127.0.0.1.evil.example' }],
    ['another port', { Host: '127.0.0.1:1' }],
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['the origin of the dashboard', { Origin: 'http://127.0.0.1:4680' }],
    ['no origin at all', { Origin: 'null' }],
    [
      'a page under a name that programs may use',
      { Host: 'host.docker.internal', Origin: 'http://host.docker.internal' },
    ],
  ])('are refused: %s', async (_, headers) => {
    const answer = await send(query, { ...target('StartQueryExecution'), ...(headers as Record<string, string>) });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('is refused');
  });

  it('are not those that were named', async () => {
    const answer = await send(query, { ...target('StartQueryExecution'), Host: 'host.docker.internal:4690' });
    expect(answer.status).toBe(200);
  });

  it('are not answered before the real request either', async () => {
    const answer = await send(
      '',
      { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
      'OPTIONS',
    );
    expect(answer.status).toBe(403);
  });
});
