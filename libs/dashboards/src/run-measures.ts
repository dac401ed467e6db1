import type { Measure } from './dashboard.js';

const total = (name: string, title: string, sql: string): Measure => ({
  name,
  title,
  unit: 'count',
  sql: `CAST(coalesce(sum(${sql}), 0) AS BIGINT)`,
});

const WENT_SOMEWHERE = 'counts.accepted + counts.duplicate + counts.external + counts."outOfRange" + counts.rejected';

/** Sums over runs. `read` is counted by the reader, everything else where the records went. */
export const RUN_MEASURES = {
  runs: { name: 'runs', title: 'Runs', unit: 'count', sql: 'count(*)' },
  failedRuns: {
    name: 'failed_runs',
    title: 'Failed runs',
    unit: 'count',
    sql: `count(CASE WHEN status = 'failed' THEN 1 END)`,
  },
  read: total('read', 'Read', 'counts.read'),
  accepted: total('accepted', 'Accepted', 'counts.accepted'),
  duplicate: total('duplicate', 'Duplicate', 'counts.duplicate'),
  external: total('external', 'External', 'counts.external'),
  outOfRange: total('out_of_range', 'Out of range', 'counts."outOfRange"'),
  rejected: total('rejected', 'Rejected', 'counts.rejected'),
  unaccounted: total('unaccounted', 'Unaccounted for', `counts.read - (${WENT_SOMEWHERE})`),
  rowsWritten: total('rows_written', 'Rows written', 'rows_written'),
  windowsCorrected: total('windows_corrected', 'Windows corrected', 'windows_corrected'),
  lastFinished: { name: 'last_finished', title: 'Last finished', unit: 'instant', sql: 'max(finished_at)' },
  lastStatus: { name: 'last_status', title: 'Last status', unit: 'text', sql: 'max_by(status, started_at)' },
  stage: { name: 'stage', title: 'Stage', unit: 'text', sql: 'stage' },
} as const satisfies Record<string, Measure>;

const field = (name: string, title: string, unit: Measure['unit'], sql = name): Measure => ({ name, title, unit, sql });

/** One run of the ledger. */
export const RUN_FIELDS: readonly Measure[] = [
  field('started_at', 'Started', 'instant'),
  field('finished_at', 'Finished', 'instant'),
  field('stage', 'Stage', 'text'),
  field('status', 'Status', 'text'),
  field('read', 'Read', 'count', 'counts.read'),
  field('accepted', 'Accepted', 'count', 'counts.accepted'),
  field('duplicate', 'Duplicate', 'count', 'counts.duplicate'),
  field('external', 'External', 'count', 'counts.external'),
  field('out_of_range', 'Out of range', 'count', 'counts."outOfRange"'),
  field('rejected', 'Rejected', 'count', 'counts.rejected'),
  field('unaccounted', 'Unaccounted for', 'count', `counts.read - (${WENT_SOMEWHERE})`),
  field('rows_written', 'Rows written', 'count'),
  field('windows_corrected', 'Corrected', 'count'),
  field('error', 'Error', 'text'),
  field('run_id', 'Run', 'text'),
];

/** One rejected record, its raw text cut to a line. */
export const REJECT_FIELDS: readonly Measure[] = [
  field('reason', 'Reason', 'text'),
  field('stage', 'Stage', 'text'),
  field('message', 'Message', 'text'),
  field('file', 'File', 'text'),
  field('line', 'Line', 'count'),
  field('raw', 'Record', 'text', `substr(coalesce(raw, 'base64 ' || raw_base64), 1, 500)`),
  field('run_id', 'Run', 'text'),
];
