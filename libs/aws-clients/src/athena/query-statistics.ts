import type { QueryExecution } from '@aws-sdk/client-athena';
import type { QueryStatistics } from '@pulselake/dashboards';
import { queryCost } from './query-cost.js';

/** What Athena tells of a query that has ended. Only DML scans cost; a reused result costs nothing. */
export function queryStatistics(execution: QueryExecution, pricePerTbUsd: number): QueryStatistics {
  const { QueryExecutionId: queryId, Statistics: statistics, StatementType: type } = execution;
  const bytesScanned = statistics?.DataScannedInBytes;
  const isReused = statistics?.ResultReuseInformation?.ReusedPreviousResult === true;
  const isFree = isReused || (type !== undefined && type !== 'DML');
  return {
    isReused,
    ...(queryId !== undefined && { queryId }),
    ...(bytesScanned !== undefined && { bytesScanned }),
    ...(bytesScanned !== undefined && { costUsd: isFree ? 0 : queryCost(bytesScanned, pricePerTbUsd) }),
  };
}
