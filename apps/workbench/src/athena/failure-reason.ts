import { QueryError } from '@pulselake/dashboards';

/** Why a query failed, as GetQueryExecution tells it. */
export interface FailureReason {
  readonly message: string;
  /** 1 the system's fault, 2 the user's. */
  readonly category: 1 | 2;
}

/** Athena's name for what DuckDB calls an error of a kind. */
const NAMES: Readonly<Record<string, string>> = {
  Parser: 'SYNTAX_ERROR',
  Syntax: 'SYNTAX_ERROR',
  Binder: 'SYNTAX_ERROR',
  Catalog: 'SYNTAX_ERROR',
  Conversion: 'INVALID_CAST_ARGUMENT',
  'Out of Range': 'NUMERIC_VALUE_OUT_OF_RANGE',
  'Out of Memory': 'EXCEEDED_MEMORY_LIMIT',
  'Invalid Input': 'INVALID_FUNCTION_ARGUMENT',
};

/** DuckDB's heading, and the line with the caret at its end. */
const DUCKDB_MESSAGE =
  /^(?:Failed to extract statements: )?([A-Z][A-Za-z ]*?)(?: Error)?: ([^]*?)(?:\n\nLINE \d+: [^]*)?$/;

/**
 * The reason in Athena's shape: a name, `line L:C` where the place is known, and what the engine says.
 *
 * @param otherwise the name where DuckDB's heading gives none
 * @example failureReason(error).message // "SYNTAX_ERROR: line 1:8: Referenced column "foo" not found in FROM clause!"
 */
export function failureReason(error: unknown, otherwise = 'GENERIC_USER_ERROR'): FailureReason {
  if (!(error instanceof QueryError)) {
    return {
      message: `GENERIC_INTERNAL_ERROR: The query failed for a reason that is a bug in pulselake: ${String(error)}`,
      category: 1,
    };
  }
  const match = DUCKDB_MESSAGE.exec(error.message);
  const name = NAMES[match?.[1] ?? ''];
  const place = error.position ? `line ${error.position.line}:${error.position.column}: ` : '';
  if (match && name !== undefined) return { message: `${name}: ${place}${oneLine(match[2] ?? '')}`, category: 2 };
  return { message: `${otherwise}: ${place}${oneLine(error.message)}`, category: 2 };
}

function oneLine(text: string): string {
  return text
    .split(/\s*\n\s*/)
    .join(' ')
    .trim();
}
