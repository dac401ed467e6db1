import type { Dashboard } from './dashboard.js';
import { METRIC_LABELS as label, METRIC_MEASURES as measure } from './metric-measures.js';
import { chosen, daysInRange, selectMeasures } from './sql.js';

const FROM_RANGE = `FROM windowed_metrics_current
WHERE ${daysInRange('dt')}
  AND $__timeFilter(from_timestamp)`;

/** Names are the same in all deliveries of a window: they need not be sorted out first. */
const FROM_DELIVERIES = `FROM windowed_metrics
WHERE ${daysInRange('dt')}
  AND $__timeFilter(from_timestamp)`;

const FROM_CHOSEN = `${FROM_RANGE}
  AND ${chosen('component_name', 'component')}
  AND ${chosen('metric_name', 'metric')}
  AND ${chosen('unit', 'unit')}`;

/** Windowed metrics over time: average, band from minimum to maximum, sample counts; stream and batch told apart. */
export const METRICS_DASHBOARD: Dashboard = {
  uid: 'pulselake-metrics',
  title: 'Metrics',
  description: 'What the services measured: averages, extremes and sample counts of 5-minute and legacy windows.',
  stages: ['metrics-etl', 'stream-windows', 'delivery'],
  variables: [
    {
      name: 'component',
      label: 'Component',
      description: 'The measured services',
      multi: true,
      includeAll: true,
      sql: `SELECT DISTINCT component_name\n${FROM_DELIVERIES}\nORDER BY 1`,
    },
    {
      name: 'metric',
      label: 'Metric',
      description: 'What was measured',
      multi: true,
      includeAll: true,
      sql: `SELECT DISTINCT metric_name\n${FROM_DELIVERIES}\n  AND ${chosen('component_name', 'component')}\nORDER BY 1`,
    },
    {
      name: 'unit',
      label: 'Unit',
      description: 'Units of the values',
      multi: true,
      includeAll: true,
      sql: `SELECT DISTINCT unit\n${FROM_DELIVERIES}\n  AND ${chosen('component_name', 'component')}\n  AND ${chosen('metric_name', 'metric')}\nORDER BY 1`,
    },
  ],
  rows: [
    {
      title: 'At a glance',
      panels: [
        {
          id: 'overview',
          title: 'Windows in range',
          description:
            'How much was measured in the range. Samples count only windows that were delivered with a count.',
          unit: 'count',
          kind: 'stat',
          queries: [
            selectMeasures(
              'overview',
              [
                measure.components,
                measure.windows,
                measure.knownSamples,
                measure.windowsWithoutAverage,
                measure.latest,
              ],
              FROM_CHOSEN,
            ),
          ],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          id: 'series',
          title: 'Average, minimum and maximum',
          description:
            'Average (sum of sums over sum of counts) within the band from minimum to maximum, per component and source. Where a window came without a sum or a count there is no average, only the band.',
          unit: { column: 'unit' },
          kind: 'timeseries',
          queries: [
            selectMeasures(
              'series',
              [
                label.time,
                label.component,
                label.metric,
                label.unit,
                label.source,
                measure.average,
                measure.minimum,
                measure.maximum,
                measure.samples,
                measure.windows,
                measure.longestWindow,
              ],
              `${FROM_CHOSEN}\nGROUP BY 1, 2, 3, 4, 5\nORDER BY 3, 4, 2, 5, 1`,
            ),
          ],
        },
        {
          id: 'samples',
          title: 'Samples over time',
          description:
            'How many samples the windows hold, by source. Windows without a count add nothing and are counted apart.',
          unit: 'count',
          kind: 'barchart',
          queries: [
            selectMeasures(
              'samples',
              [label.time, label.source, measure.knownSamples, measure.windows, measure.windowsWithoutAverage],
              `${FROM_CHOSEN}\nGROUP BY 1, 2\nORDER BY 1, 2`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Whole range',
      panels: [
        {
          id: 'summary',
          title: 'Every metric in the range',
          description: 'Extremes, average and counts of each metric over the whole range.',
          unit: { column: 'unit' },
          kind: 'table',
          queries: [
            selectMeasures(
              'summary',
              [
                label.component,
                label.metric,
                label.source,
                measure.minimum,
                measure.average,
                measure.maximum,
                label.unit,
                measure.samples,
                measure.windows,
                measure.latest,
              ],
              `${FROM_CHOSEN}\nGROUP BY component_name, metric_name, unit, source\nORDER BY 1, 2, 7, 3`,
            ),
          ],
        },
      ],
    },
  ],
};
