import { QueryError } from '@pulselake/dashboards';

/** A failed statement with Athena's reason, and the place that the reason names. */
export function queryFailure(reason: string, options: ErrorOptions = {}): QueryError {
  const match = /\bline (\d+):(\d+)/.exec(reason);
  return new QueryError(reason, {
    ...options,
    position: match ? { line: Number(match[1]), column: Number(match[2]) } : undefined,
  });
}
