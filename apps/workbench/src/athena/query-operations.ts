import { AthenaFault, invalidRequest } from './athena-fault.js';
import {
  CATALOG,
  DATABASE,
  describeExecution,
  isFinished,
  WORK_GROUP,
  type Execution,
  type StartRequest,
} from './execution.js';
import { checkWorkGroup, type Operation } from './metadata-operations.js';
import type { QueryExecutions } from './query-executions.js';
import {
  optionalObject,
  optionalText,
  optionalTexts,
  optionalWhole,
  pageOf,
  requiredText,
  type Input,
} from './read-input.js';
import type { TextRow } from './result-spool.js';

/** The longest query that Athena takes, in bytes of UTF-8. */
const MAX_QUERY_BYTES = 262_144;
const MAX_REUSE_MINUTES = 10_080;

/** Operations that run queries. */
export function queryOperations(executions: QueryExecutions, clock: () => number): Readonly<Record<string, Operation>> {
  return {
    StartQueryExecution: (input) => ({ QueryExecutionId: executions.start(startRequest(input)).id }),
    GetQueryExecution: (input) => ({
      QueryExecution: describeExecution(executions.get(idOf(input)), clock()),
    }),
    BatchGetQueryExecution: (input) => {
      const ids = optionalTexts(input, 'QueryExecutionIds');
      if (ids.length < 1 || ids.length > 50) throw invalidRequest('QueryExecutionIds must have 1 to 50 ids');
      const found: unknown[] = [];
      const missing: unknown[] = [];
      for (const id of ids) {
        try {
          found.push(describeExecution(executions.get(id), clock()));
        } catch (error) {
          if (!(error instanceof AthenaFault)) throw error;
          missing.push({ QueryExecutionId: id, ErrorCode: 'INVALID_INPUT', ErrorMessage: error.message });
        }
      }
      return { QueryExecutions: found, UnprocessedQueryExecutionIds: missing };
    },
    ListQueryExecutions: (input) => {
      checkWorkGroup(optionalText(input, 'WorkGroup') ?? WORK_GROUP);
      const { items, token } = pageOf(executions.ids(), input, 50);
      return { QueryExecutionIds: items, ...token };
    },
    StopQueryExecution: (input) => {
      executions.stop(idOf(input));
      return {};
    },
    GetQueryResults: (input) => queryResults(executions, input),
  };
}

function startRequest(input: Input): StartRequest {
  const sql = requiredText(input, 'QueryString');
  if (Buffer.byteLength(sql) > MAX_QUERY_BYTES) {
    throw invalidRequest(`QueryString has ${Buffer.byteLength(sql)} bytes; ${MAX_QUERY_BYTES} are allowed`);
  }
  checkWorkGroup(optionalText(input, 'WorkGroup') || WORK_GROUP);
  const token = optionalText(input, 'ClientRequestToken');
  if (token !== undefined && (token.length < 32 || token.length > 128)) {
    throw invalidRequest('ClientRequestToken must have 32 to 128 characters');
  }
  const context = optionalObject(input, 'QueryExecutionContext');
  const database = optionalText(context, 'Database');
  const catalog = optionalText(context, 'Catalog');
  if (catalog && catalog.toLowerCase() !== CATALOG.toLowerCase()) {
    throw invalidRequest(`Catalog ${catalog} is not found; there is ${CATALOG}`);
  }
  if (database && database.toLowerCase() !== DATABASE) {
    throw invalidRequest(`Database ${database} is not found; there is ${DATABASE}`);
  }
  const reuseMaxAgeMs = reuseMaxAge(input);
  return {
    sql,
    parameters: optionalTexts(input, 'ExecutionParameters'),
    ...(database !== undefined && { database }),
    ...(catalog !== undefined && { catalog }),
    ...(token !== undefined && { token }),
    ...(reuseMaxAgeMs !== undefined && { reuseMaxAgeMs }),
  };
}

function reuseMaxAge(input: Input): number | undefined {
  const byAge = optionalObject(optionalObject(input, 'ResultReuseConfiguration'), 'ResultReuseByAgeConfiguration');
  if (byAge['Enabled'] !== true) return undefined;
  const minutes = optionalWhole(byAge, 'MaxAgeInMinutes', { min: 0, max: MAX_REUSE_MINUTES, fallback: 60 });
  return minutes * 60_000;
}

/** The header, where there is one, is row 0 for clients. */
async function queryResults(executions: QueryExecutions, input: Input): Promise<unknown> {
  const execution = executions.get(idOf(input));
  const { state, kind } = execution;
  if (!isFinished(execution)) throw invalidRequest(`Query has not yet finished. Current state: ${state}`);
  if (state !== 'SUCCEEDED') throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`);
  if ((optionalText(input, 'QueryResultType') ?? 'DATA_ROWS') !== 'DATA_ROWS') {
    throw invalidRequest('QueryResultType must be DATA_ROWS here: there is no manifest of data');
  }
  const max = optionalWhole(input, 'MaxResults', { min: 1, max: 1000, fallback: 1000 });
  const from = rowOfToken(execution, optionalText(input, 'NextToken'));
  const columns = execution.result?.columns ?? [];
  const headerRows = kind.hasHeader ? 1 : 0;
  const header: TextRow[] = kind.hasHeader && from === 0 ? [columns.map(({ Name }) => Name)] : [];
  const page = await executions.page(execution, Math.max(0, from - headerRows), max - header.length);
  return {
    ResultSet: {
      Rows: [...header, ...page.rows].map((row) => ({
        Data: row.map((text) => (text === null ? {} : { VarCharValue: text })),
      })),
      ResultSetMetadata: { ColumnInfo: columns },
    },
    ...(page.next !== undefined && { NextToken: tokenOf(execution, page.next + headerRows) }),
    UpdateCount: 0,
  };
}

function tokenOf({ id }: Execution, row: number): string {
  return Buffer.from(`${id}/${row}`).toString('base64url');
}

function rowOfToken({ id, result }: Execution, token: string | undefined): number {
  if (token === undefined) return 0;
  const [tokenId, row = ''] = Buffer.from(token, 'base64url').toString().split('/');
  const isRow = /^\d{1,12}$/.test(row) && Number(row) <= (result?.spool.rowCount ?? 0);
  if (tokenId === id && isRow) return Number(row);
  throw invalidRequest('NextToken is invalid: it is not from an answer to this query');
}

function idOf(input: Input): string {
  return requiredText(input, 'QueryExecutionId');
}
