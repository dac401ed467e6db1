import { z } from 'zod';
import { AccessLogRecordSchema } from '../access-log-record.js';
import { MetricEventSchema } from '../metric-event.js';
import { PipelineRunSchema } from '../pipeline-run.js';
import { RejectedRecordSchema } from '../rejected-record.js';
import { EnrichedTrafficReportRowSchema, TrafficCountSchema, TrafficReportRowSchema } from '../traffic-report.js';
import { WindowedMetricSchema } from '../windowed-metric.js';
import { WindowSettingsSchema } from '../window-settings.js';

/** A record of the contract. */
export interface RecordDefinition {
  /** File name of its JSON Schema. */
  readonly name: string;
  readonly schema: z.ZodObject;
  /** `in`: others write it and Pulselake reads it; `out`: the other way round. */
  readonly direction: 'in' | 'out';
}

/** Every record, with who writes it. */
export const RECORDS: readonly RecordDefinition[] = [
  { name: 'metric-event', schema: MetricEventSchema, direction: 'in' },
  { name: 'window-settings', schema: WindowSettingsSchema, direction: 'in' },
  { name: 'windowed-metric', schema: WindowedMetricSchema, direction: 'out' },
  { name: 'access-log-record', schema: AccessLogRecordSchema, direction: 'out' },
  { name: 'traffic-report-row', schema: TrafficReportRowSchema, direction: 'out' },
  { name: 'enriched-traffic-report-row', schema: EnrichedTrafficReportRowSchema, direction: 'out' },
  { name: 'traffic-count', schema: TrafficCountSchema, direction: 'out' },
  { name: 'rejected-record', schema: RejectedRecordSchema, direction: 'out' },
  { name: 'pipeline-run', schema: PipelineRunSchema, direction: 'out' },
];

/** The JSON Schema (draft 2020-12) of a record as it is written. What a schema cannot say is in `docs/reference/record-rules.md`. */
export function jsonSchemaOf({ name, schema }: RecordDefinition): Readonly<Record<string, unknown>> {
  return { title: name, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) };
}
