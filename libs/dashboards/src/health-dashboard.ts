import { REJECT_REASONS } from '@pulselake/data-model';
import type { Dashboard } from './dashboard.js';
import { LAST_RUN_FIELDS } from './last-run-fields.js';
import { LATE_EVENT_FIELDS } from './late-event-fields.js';
import { METRIC_LABELS, METRIC_MEASURES } from './metric-measures.js';
import { REJECT_FIELDS, RUN_FIELDS, RUN_MEASURES as measure } from './run-measures.js';
import { chosen, daysInRange, selectMeasures, textInstantInRange } from './sql.js';
import { WINDOW_CORRECTION_FIELDS } from './window-correction-fields.js';

const FROM_RUNS = `FROM pipeline_runs
WHERE ${daysInRange('dt')}
  AND ${textInstantInRange('started_at')}`;

/** By day only: rejected records carry no time of their own. */
const FROM_REJECTED = `FROM rejected_records
WHERE ${daysInRange('dt')}`;

/** Examples shown of each reason. */
const EXAMPLES_PER_REASON = 5;

/** Most runs, corrected windows and late events listed. */
const MAX_LISTED = 200;

const EXAMPLE_COLUMNS = REJECT_FIELDS.map(({ name }) => name).join(', ');

/** Whether the lake can be trusted: what ran, where every record went, what was rejected and why, how fresh it is. */
export const HEALTH_DASHBOARD: Dashboard = {
  uid: 'pulselake-health',
  title: 'Pipeline health',
  description: 'The ledger: runs, where every record went, what was rejected and why, and how fresh the lake is.',
  stages: [],
  variables: [
    {
      name: 'reason',
      label: 'Reason',
      description: `Why records were rejected: ${REJECT_REASONS.join(', ')}`,
      multi: true,
      includeAll: true,
      sql: `SELECT DISTINCT reason\n${FROM_REJECTED}\nORDER BY 1`,
    },
  ],
  rows: [
    {
      title: 'At a glance',
      panels: [
        {
          id: 'overview',
          title: 'Runs in range',
          description: 'Sums over the runs that started in the range.',
          unit: 'count',
          kind: 'stat',
          queries: [
            selectMeasures(
              'runs',
              [
                measure.runs,
                measure.failedRuns,
                measure.read,
                measure.rejected,
                measure.unaccounted,
                measure.rowsWritten,
                measure.windowsCorrected,
                measure.lastFinished,
              ],
              FROM_RUNS,
            ),
            selectMeasures(
              'late',
              [
                {
                  name: 'late',
                  title: 'Late events',
                  unit: 'count',
                  sql: `count(CASE WHEN reason = 'late' THEN 1 END)`,
                },
              ],
              FROM_REJECTED,
            ),
          ],
        },
        {
          id: 'freshness',
          title: 'Freshness',
          description:
            'The end of the newest window per source, the newest traffic report, and the last run per stage.',
          unit: 'instant',
          kind: 'table',
          queries: [
            selectMeasures(
              'windows',
              [METRIC_LABELS.source, METRIC_MEASURES.latest, METRIC_MEASURES.windows],
              `FROM windowed_metrics_current\nWHERE ${daysInRange('dt')}\nGROUP BY source\nORDER BY source`,
            ),
            selectMeasures(
              'reports',
              [{ name: 'latest_day', title: 'Newest report', unit: 'day', sql: 'max(report_date)' }],
              `FROM traffic_reports\nWHERE ${daysInRange('report_date')}`,
            ),
            selectMeasures(
              'runs',
              [measure.stage, measure.lastFinished, measure.lastStatus, measure.runs, measure.failedRuns],
              `${FROM_RUNS}\nGROUP BY stage\nORDER BY stage`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Records',
      panels: [
        {
          id: 'balance',
          title: 'Where every record went',
          description:
            'Read = accepted + duplicate + external + out of range + rejected. Anything unaccounted for is a fault.',
          unit: 'count',
          kind: 'barchart',
          queries: [
            selectMeasures(
              'balance',
              [
                measure.stage,
                measure.read,
                measure.accepted,
                measure.duplicate,
                measure.external,
                measure.outOfRange,
                measure.rejected,
                measure.unaccounted,
                measure.runs,
              ],
              `${FROM_RUNS}\nGROUP BY stage\nORDER BY stage`,
            ),
          ],
        },
        {
          id: 'rejected-by-reason',
          title: 'Rejected by reason',
          description: 'Rejected records of the days in range, by reason and stage.',
          unit: 'count',
          kind: 'barchart',
          queries: [
            selectMeasures(
              'reasons',
              [
                { name: 'reason', title: 'Reason', unit: 'text', sql: 'reason' },
                measure.stage,
                { name: 'records', title: 'Records', unit: 'count', sql: 'count(*)' },
              ],
              `${FROM_REJECTED}\nGROUP BY reason, stage\nORDER BY 3 DESC, 1, 2`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Late and corrected',
      panels: [
        {
          id: 'corrected-windows',
          title: 'Corrected windows',
          description: `Windows of the days in range that were written again, as they are now: the ${MAX_LISTED} corrected last.`,
          unit: 'count',
          kind: 'table',
          queries: [
            selectMeasures(
              'windows',
              WINDOW_CORRECTION_FIELDS,
              `FROM windowed_metrics_current
WHERE ${daysInRange('dt')}
  AND revision > 0
ORDER BY emitted_at DESC, component_name, metric_name, from_timestamp DESC, unit, source
LIMIT ${MAX_LISTED}`,
            ),
          ],
        },
        {
          id: 'late-events',
          title: 'Late events',
          description: `The newest ${MAX_LISTED} events that came after their window was let go, kept for redrive. How late: from the time of the event to the end of the run that rejected it; to its start while it goes on.`,
          unit: 'milliseconds',
          kind: 'table',
          queries: [
            selectMeasures(
              'events',
              LATE_EVENT_FIELDS,
              `FROM (
  SELECT run_id, stage, raw
  ${FROM_REJECTED}
    AND reason = 'late'
) e
LEFT JOIN (
  SELECT run_id, started_at, finished_at
  FROM pipeline_runs
  WHERE ${daysInRange('dt')}
) r ON r.run_id = e.run_id
ORDER BY 1 DESC, 2, 3, e.raw
LIMIT ${MAX_LISTED}`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Details',
      panels: [
        {
          id: 'last-runs',
          title: 'Why is it empty',
          description: 'The last run of each stage, what it brought, and why it failed when it did.',
          unit: 'count',
          kind: 'table',
          queries: [
            selectMeasures(
              'runs',
              LAST_RUN_FIELDS,
              `FROM (
  SELECT
    stage, status, started_at, counts, rows_written, error, run_id,
    row_number() OVER (PARTITION BY stage ORDER BY started_at DESC, sequence DESC NULLS LAST, run_id DESC) AS place
  ${FROM_RUNS}
) r
WHERE place = 1
ORDER BY started_at DESC, stage`,
            ),
          ],
        },
        {
          id: 'rejected-examples',
          title: 'Rejected records',
          description: `Up to ${EXAMPLES_PER_REASON} examples of each reason with the record as it came.`,
          unit: 'text',
          kind: 'table',
          queries: [
            {
              refId: 'examples',
              sql: `SELECT ${EXAMPLE_COLUMNS}
FROM (
  SELECT
${REJECT_FIELDS.map(({ sql, name }) => `    ${sql} AS ${name},`).join('\n')}
    row_number() OVER (PARTITION BY reason ORDER BY dt DESC, run_id DESC, file, line, raw) AS example
  ${FROM_REJECTED}
    AND ${chosen('reason', 'reason')}
) examples
WHERE example <= ${EXAMPLES_PER_REASON}
ORDER BY reason, example`,
              columns: REJECT_FIELDS.map(({ name, title, unit }) => ({ name, title, unit })),
            },
          ],
        },
        {
          id: 'runs',
          title: 'Runs',
          description: `The newest ${MAX_LISTED} runs that started in the range.`,
          unit: 'count',
          kind: 'table',
          queries: [
            selectMeasures(
              'runs',
              RUN_FIELDS,
              `${FROM_RUNS}\nORDER BY started_at DESC, run_id DESC\nLIMIT ${MAX_LISTED}`,
            ),
          ],
        },
      ],
    },
  ],
};
