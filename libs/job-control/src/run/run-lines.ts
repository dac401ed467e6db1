import type { BatchRun } from './batch-run.js';

/** A run of a list, for people. Pure. */
export function runLine({ id, state, reason = '', startedMs, endedMs }: BatchRun): string {
  const since = startedMs === undefined ? '' : `, since ${new Date(startedMs).toISOString()}`;
  const took =
    startedMs === undefined || endedMs === undefined ? '' : `, ${Math.round((endedMs - startedMs) / 1000)} s`;
  return `${id}: ${state}${since}${took}${reason === '' ? '' : ` (${reason})`}`;
}

/** A run for a document. Pure. */
export function runDocument({ id, state, reason = '', startedMs, endedMs }: BatchRun) {
  return {
    runId: id,
    state,
    ...(reason !== '' && { reason }),
    ...(startedMs !== undefined && { startedAt: new Date(startedMs).toISOString() }),
    ...(endedMs !== undefined && { endedAt: new Date(endedMs).toISOString() }),
  };
}
