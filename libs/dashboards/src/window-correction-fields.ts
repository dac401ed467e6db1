import type { Measure } from './dashboard.js';
import { METRIC_LABELS } from './metric-measures.js';

/** One window as it is now, with how often and when it was corrected. */
export const WINDOW_CORRECTION_FIELDS: readonly Measure[] = [
  { name: 'emitted_at', title: 'Emitted', unit: 'instant', sql: 'emitted_at' },
  METRIC_LABELS.component,
  METRIC_LABELS.metric,
  { name: 'from_timestamp', title: 'Window from', unit: 'instant', sql: 'from_timestamp' },
  { name: 'to_timestamp', title: 'to', unit: 'instant', sql: 'to_timestamp' },
  METRIC_LABELS.source,
  { name: 'revision', title: 'Revision', unit: 'count', sql: 'revision' },
  { name: 'min_value', title: 'Minimum now', unit: { column: 'unit' }, sql: 'min_value' },
  { name: 'max_value', title: 'Maximum now', unit: { column: 'unit' }, sql: 'max_value' },
  METRIC_LABELS.unit,
  { name: 'sample_count', title: 'Samples now', unit: 'count', sql: 'sample_count' },
];
