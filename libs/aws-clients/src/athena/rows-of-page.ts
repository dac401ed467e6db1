import type { GetQueryResultsOutput, QueryExecution, Row } from '@aws-sdk/client-athena';
import type { QueryColumn, QueryValue } from '@pulselake/dashboards';
import { athenaValue } from './athena-value.js';

export interface PageRows {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly QueryValue[])[];
}

/** The typed rows of a page of results, without the header that the first page of a query begins with. */
export function rowsOfPage(page: GetQueryResultsOutput, execution: QueryExecution, isFirst: boolean): PageRows {
  const rows = page.ResultSet?.Rows ?? [];
  const columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
    name: Name ?? '',
    type: Type ?? 'varchar',
  }));
  const hasHeader = isFirst && mayHaveHeader(execution) && isHeader(rows[0], columns);
  return {
    columns,
    rows: rows
      .slice(hasHeader ? 1 : 0)
      .map(({ Data = [] }) => columns.map(({ type }, index) => athenaValue(Data[index]?.VarCharValue, type))),
  };
}

/**
 * What SHOW and DESCRIBE give has no header, and may begin with a row that looks like one.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 */
function mayHaveHeader({ StatementType: type, SubstatementType: subtype }: QueryExecution): boolean {
  return type === undefined || type === 'DML' || subtype === 'EXPLAIN';
}

function isHeader(row: Row | undefined, columns: readonly QueryColumn[]): boolean {
  return row !== undefined && columns.every(({ name }, index) => row.Data?.[index]?.VarCharValue === name);
}
