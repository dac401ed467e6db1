import type { Measure } from './dashboard.js';

/** The newest run `r` of a stage: whether it brought anything, and if not, why. */
export const LAST_RUN_FIELDS: readonly Measure[] = [
  { name: 'stage', title: 'Stage', unit: 'text', sql: 'r.stage' },
  { name: 'last_status', title: 'Last status', unit: 'text', sql: 'r.status' },
  { name: 'last_started', title: 'Started', unit: 'instant', sql: 'r.started_at' },
  { name: 'read', title: 'Read', unit: 'count', sql: 'r.counts.read' },
  { name: 'rejected', title: 'Rejected', unit: 'count', sql: 'r.counts.rejected' },
  { name: 'rows_written', title: 'Rows written', unit: 'count', sql: 'r.rows_written' },
  { name: 'last_error', title: 'Error', unit: 'text', sql: 'r.error' },
  { name: 'run_id', title: 'Run', unit: 'text', sql: 'r.run_id' },
];
