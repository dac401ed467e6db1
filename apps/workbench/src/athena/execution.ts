import type { ColumnInfo } from './column-info.js';
import type { ResultSpool } from './result-spool.js';
import type { StatementKind } from './statement-kind.js';

/** What a client asked to run. */
export interface StartRequest {
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly database?: string;
  readonly catalog?: string;
  /** Makes a repeated request the same one. */
  readonly token?: string;
  /** Oldest result that may be given instead of running the query; absent: none. */
  readonly reuseMaxAgeMs?: number;
}

type ExecutionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** A result, maybe shared by executions that reuse it. */
export interface SharedResult {
  readonly spool: ResultSpool;
  columns: readonly ColumnInfo[];
  holders: number;
}

/** One query from its submission on. */
export interface Execution {
  readonly id: string;
  readonly request: StartRequest;
  readonly kind: StatementKind;
  readonly submittedMs: number;
  readonly stop: AbortController;
  state: ExecutionState;
  startedMs?: number;
  completedMs?: number;
  reason?: string;
  errorCategory?: number;
  isReused: boolean;
  result?: SharedResult;
}

/** The names of the one of each that there is. */
export const CATALOG = 'AwsDataCatalog';
export const DATABASE = 'pulselake';
export const WORK_GROUP = 'primary';

/** The dialect it speaks: clients offer the reuse of results from this version on. */
export const ENGINE_VERSION = {
  SelectedEngineVersion: 'Athena engine version 3',
  EffectiveEngineVersion: 'Athena engine version 3',
};

export function isFinished({ state }: Execution): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

/** An execution as GetQueryExecution shows it. Instants are seconds since the epoch. */
export function describeExecution(execution: Execution, nowMs: number) {
  const { id, request, kind, state, submittedMs, startedMs, completedMs, reason, errorCategory } = execution;
  const endMs = completedMs ?? nowMs;
  const reuse =
    request.reuseMaxAgeMs === undefined
      ? { Enabled: false }
      : { Enabled: true, MaxAgeInMinutes: request.reuseMaxAgeMs / 60_000 };
  return {
    QueryExecutionId: id,
    Query: request.sql,
    StatementType: kind.type,
    SubstatementType: kind.subtype,
    ResultConfiguration: {},
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: reuse },
    QueryExecutionContext: {
      ...(request.database !== undefined && { Database: request.database }),
      ...(request.catalog !== undefined && { Catalog: request.catalog }),
    },
    Status: {
      State: state,
      SubmissionDateTime: submittedMs / 1000,
      ...(completedMs !== undefined && { CompletionDateTime: completedMs / 1000 }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(state === 'FAILED' && {
        AthenaError: { ErrorCategory: errorCategory, ErrorType: 0, Retryable: false, ErrorMessage: reason },
      }),
    },
    // Bytes scanned are not told: DuckDB does not count them.
    Statistics: {
      QueryQueueTimeInMillis: (startedMs ?? endMs) - submittedMs,
      EngineExecutionTimeInMillis: startedMs === undefined ? 0 : endMs - startedMs,
      TotalExecutionTimeInMillis: endMs - submittedMs,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: execution.isReused },
    },
    WorkGroup: WORK_GROUP,
    EngineVersion: ENGINE_VERSION,
    ...(request.parameters.length > 0 && { ExecutionParameters: request.parameters }),
  };
}
