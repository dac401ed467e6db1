import { formatInstant } from '@pulselake/data-model';
import type { RejectedLine } from '../lines/rejected-line.js';
import type { ParsedMetricEvent } from './metric-event-listener.js';
import type { SeriesTable } from './series-table.js';

/** The rejected record of an event that is well-formed but comes too early or too late: its known fields as JSON. */
export function rejectedEvent(reason: 'late' | 'future', event: ParsedMetricEvent, series: SeriesTable): RejectedLine {
  const { componentName, metricName, unit } = series.get(event.series);
  const publicationTimestamp = formatInstant(event.timestampMs);
  const eventId = event.readId();
  return {
    reason,
    message:
      reason === 'late' ? 'The window of the event is no longer held.' : 'The event is too far ahead of the clock.',
    line: event.line,
    raw: JSON.stringify({
      componentName,
      metricName,
      unit,
      value: event.value,
      publicationTimestamp,
      ...(eventId !== undefined && { eventId }),
    }),
  };
}
