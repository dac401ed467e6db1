import type { Measure } from './dashboard.js';
import { METRIC_LABELS } from './metric-measures.js';

/**
 * A text of the record that a late event was kept as: JSON, written anew from its known fields.
 *
 * By pattern: Trino's and DuckDB's functions for JSON have no name in common. Without the text DuckDB gives an empty one,
 * Trino NULL.
 */
const textOf = (name: string) =>
  `nullif(replace(replace(regexp_extract(e.raw, '"${name}":"((?:[^"\\\\]|\\\\.)*)"', 1), '\\"', '"'), '\\\\', '\\'), '')`;

const instantOf = (text: string) => `TRY_CAST(replace(substr(${text}, 1, 19), 'T', ' ') AS TIMESTAMP)`;

const EVENT_TIME = textOf('publicationTimestamp');

/** While a run goes on only its start is known. */
const RUN_TIME = 'coalesce(r.finished_at, r.started_at)';

/** One late event `e`, with the run `r` that rejected it. */
export const LATE_EVENT_FIELDS: readonly Measure[] = [
  { name: 'event_time', title: 'Event time', unit: 'instant', sql: EVENT_TIME },
  { ...METRIC_LABELS.component, sql: textOf('componentName') },
  { ...METRIC_LABELS.metric, sql: textOf('metricName') },
  {
    name: 'late_by_ms',
    title: 'Late by',
    unit: 'milliseconds',
    sql: `CASE WHEN ${instantOf(RUN_TIME)} >= ${instantOf(EVENT_TIME)} THEN date_diff('millisecond', ${instantOf(EVENT_TIME)}, ${instantOf(RUN_TIME)}) END`,
  },
  { name: 'stage', title: 'Stage', unit: 'text', sql: 'e.stage' },
  { name: 'raw', title: 'Record', unit: 'text', sql: 'substr(e.raw, 1, 500)' },
  { name: 'run_id', title: 'Run', unit: 'text', sql: 'e.run_id' },
];
