import { z } from 'zod';
import { InstantSchema } from './instant.js';
import { MAX_NAME_LENGTH, MAX_SAMPLE_COUNT, MAX_UNIT_LENGTH } from './limits.js';
import { boundedText } from './metric-event.js';

/** Where a window came from: the live stream, or a batch of a legacy service. */
export const METRIC_SOURCES = ['stream', 'batch'] as const;
/** One of {@link METRIC_SOURCES}. */
export type MetricSource = (typeof METRIC_SOURCES)[number];

/** The statistics of one metric over one window `[fromTimestamp, toTimestamp)`. */
export const WindowedMetricSchema = z.object({
  componentName: boundedText(MAX_NAME_LENGTH),
  metricName: boundedText(MAX_NAME_LENGTH),
  unit: boundedText(MAX_UNIT_LENGTH),
  minValue: z.number(),
  maxValue: z.number(),
  /** Absent when a legacy source did not deliver it, or when the sum is beyond double. */
  sumValue: z.number().optional(),
  /** Absent when a legacy source did not deliver it. */
  sampleCount: z.int().min(1).max(MAX_SAMPLE_COUNT).optional(),
  /** Inclusive. */
  fromTimestamp: InstantSchema,
  /** Exclusive. */
  toTimestamp: InstantSchema,
  source: z.enum(METRIC_SOURCES),
  /** Empty when the row is the whole window; else names the input whose contribution the row is. */
  partId: z.string(),
  /** Counts the corrections of this part, from 0. */
  revision: z.int().min(0),
  emittedAt: InstantSchema,
  /** The input the row came from; empty for Flink. */
  inputId: z.string(),
});

/** The statistics of one metric over one window; see {@link WindowedMetricSchema}. */
export type WindowedMetric = z.infer<typeof WindowedMetricSchema>;

/** The columns a windowed-metrics CSV must name in its header, in any order. */
export const WINDOWED_METRIC_CSV_COLUMNS = [
  'componentName',
  'fromTimestamp',
  'maxValue',
  'metricName',
  'minValue',
  'toTimestamp',
  'unit',
] as const;

/** The columns a windowed-metrics CSV may have besides. */
export const WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS = ['sumValue', 'sampleCount'] as const;

/** The columns a CSV of plain events must name in its header, in any order. */
export const METRIC_EVENT_CSV_COLUMNS = [
  'componentName',
  'metricName',
  'unit',
  'value',
  'publicationTimestamp',
] as const;

/** The column a CSV of plain events may have besides. */
export const METRIC_EVENT_CSV_OPTIONAL_COLUMNS = ['eventId'] as const;
