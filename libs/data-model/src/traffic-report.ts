import { z } from 'zod';
import { UtcDaySchema } from './instant.js';
import { boundedText } from './metric-event.js';
import { MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from './limits.js';

/** The source under which people's calls are reported when they are asked for. */
export const USERS_SOURCE = 'users';

/** One service pair's calls of one UTC day. */
export const TrafficReportRowSchema = z.object({
  /** First 16 hex digits of SHA-256 over `source`, a NUL byte, `target`. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  source: z.string().min(1),
  target: z.string().min(1),
  totalRequests: z.int().min(1),
  /** Requests answered with status ≥ 500. */
  failedRequests: z.int().min(0),
  reportDate: UtcDaySchema,
});

/** One service pair's calls of one UTC day; see {@link TrafficReportRowSchema}. */
export type TrafficReportRow = z.infer<typeof TrafficReportRowSchema>;

/** A metric of the called service over the report's day. */
export const TargetMetricSchema = z.object({
  metricName: boundedText(MAX_NAME_LENGTH),
  unit: boundedText(MAX_UNIT_LENGTH),
  minValue: z.number(),
  maxValue: z.number(),
  /** `sum / count`; absent when any window lacks one of the two. */
  avgValue: z.number().optional(),
});

/** A metric of the called service over the report's day; see {@link TargetMetricSchema}. */
export type TargetMetric = z.infer<typeof TargetMetricSchema>;

/** A report row with the called service's metrics of that day. */
export const EnrichedTrafficReportRowSchema = TrafficReportRowSchema.extend({ metrics: z.array(TargetMetricSchema) });

/** A report row with the called service's metrics of that day; see {@link EnrichedTrafficReportRowSchema}. */
export type EnrichedTrafficReportRow = z.infer<typeof EnrichedTrafficReportRowSchema>;

/** One input's share of a day's report, kept so that the day can be summed again. */
export const TrafficCountSchema = TrafficReportRowSchema.omit({ id: true }).extend({
  kind: z.enum(['service', 'user']),
});

/** One input's share of a day's report; see {@link TrafficCountSchema}. */
export type TrafficCount = z.infer<typeof TrafficCountSchema>;
