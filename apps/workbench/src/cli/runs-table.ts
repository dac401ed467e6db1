import type { PipelineRun } from '@pulselake/data-model';
import { count, table } from './format.js';

const HEADER = [
  'started (UTC)',
  'stage',
  'status',
  'inputs',
  'read',
  'accepted',
  'duplicate',
  'external',
  'out of range',
  'rejected',
  'rows',
  'error',
];

/** Runs as a table, and how many more there are. */
export function runsTable(shown: readonly PipelineRun[], all: number): string[] {
  const rows = shown.map(({ startedAt, stage, status, counts, rowsWritten, inputs, error }) => [
    startedAt.slice(0, 19).replace('T', ' '),
    stage,
    status,
    inputs.length,
    counts.read,
    counts.accepted,
    counts.duplicate,
    counts.external,
    counts.outOfRange,
    counts.rejected,
    rowsWritten,
    error ?? '',
  ]);
  const more = all > shown.length ? [`(${count(all - shown.length)} earlier runs; --limit shows more)`] : [];
  return [...(rows.length > 0 ? table(HEADER, rows) : ['No runs yet.']), ...more];
}
