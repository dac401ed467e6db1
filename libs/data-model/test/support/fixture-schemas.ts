import { z } from 'zod';
import {
  InstantSchema,
  MAX_RAW_BYTES,
  MetricEventSchema,
  REJECT_REASONS,
  TrafficCountSchema,
  UtcDaySchema,
  WindowedMetricSchema,
  WindowSettingsSchema,
} from '../../src/index.js';

export const TOPICS = ['metrics-csv', 'metrics-jsonl', 'metric-events', 'windows', 'access-logs', 'rejects'] as const;
export type Topic = (typeof TOPICS)[number];
export type Reader = Exclude<Topic, 'rejects'>;

const MillisSchema = InstantSchema.and(z.string().regex(/\.\d{3}Z$/));
const Count = z.int().min(0);
const general = { maxRecordBytes: z.int().min(1).optional() };

/** Options of a case by the reader of its input. */
const OPTIONS: Record<Reader, z.ZodObject> = {
  'metrics-csv': z.strictObject(general),
  'metrics-jsonl': z.strictObject(general),
  'metric-events': z.strictObject(general),
  windows: z.strictObject({
    ...general,
    mode: z.enum(['bounded', 'streaming']),
    now: InstantSchema,
    settings: WindowSettingsSchema.partial().optional(),
  }),
  'access-logs': z.strictObject({ ...general, fileName: z.string().min(1), days: z.array(UtcDaySchema).optional() }),
};

const EXTENSIONS: Record<Reader, string> = {
  'metrics-csv': 'csv',
  'metrics-jsonl': 'ndjson',
  'metric-events': 'ndjson',
  windows: 'ndjson',
  'access-logs': 'txt',
};

const RejectedSchema = z
  .strictObject({
    line: z.int().min(1),
    reason: z.enum(REJECT_REASONS),
    raw: z.string().optional(),
    rawBase64: z.base64().optional(),
    truncated: z.literal(true).optional(),
  })
  .refine(({ raw, rawBase64 }) => (raw === undefined) !== (rawBase64 === undefined), 'has raw or rawBase64')
  .refine(
    ({ raw, rawBase64 }) =>
      Buffer.from(raw ?? '').length <= MAX_RAW_BYTES && Buffer.from(rawBase64 ?? '', 'base64').length <= MAX_RAW_BYTES,
    'holds too much',
  )
  .refine(
    ({ reason, rawBase64 }) => (reason === 'bad-encoding') === (rawBase64 !== undefined),
    'base64 is for bad-encoding',
  );

const RowSchema = z.strictObject({
  ...WindowedMetricSchema.omit({ source: true, partId: true, revision: true, emittedAt: true, inputId: true }).shape,
  fromTimestamp: MillisSchema,
  toTimestamp: MillisSchema,
});
const EventSchema = z.strictObject({ ...MetricEventSchema.shape, publicationTimestamp: MillisSchema });
const common = { read: Count, accepted: Count, rejected: z.array(RejectedSchema) };
const CountSchema = z.strictObject({ ...TrafficCountSchema.omit({ reportDate: true }).shape, day: UtcDaySchema });

/** Results of a case by the reader of its input. */
const RESULTS: Record<Reader, z.ZodType> = {
  'metrics-csv': z.union([
    z.strictObject({ ...common, kind: z.literal(['windowed', null]), rows: z.array(RowSchema) }),
    z.strictObject({ ...common, kind: z.literal('events'), events: z.array(EventSchema) }),
    z.strictObject({ failed: z.literal('missing-column'), columns: z.array(z.string()).min(1) }),
  ]),
  'metrics-jsonl': z.strictObject({ ...common, kind: z.literal('windowed'), rows: z.array(RowSchema) }),
  'metric-events': z.strictObject({ ...common, events: z.array(EventSchema) }),
  windows: z.strictObject({
    ...common,
    duplicate: Count,
    windows: z.array(RowSchema.required({ sampleCount: true }).extend({ revision: Count })),
  }),
  'access-logs': z.strictObject({ ...common, external: Count, outOfRange: Count, counts: z.array(CountSchema) }),
};

/** The format of `case.json`. */
export function caseSchema(topic: Topic, reader: Reader) {
  const options = topic === 'rejects' ? OPTIONS[reader].extend({ reader: z.literal(reader) }) : OPTIONS[reader];
  return z.strictObject({
    description: z.string().regex(/\.$/),
    input: z.literal(`input.${EXTENSIONS[reader]}`),
    options,
  });
}

/** The format of `expected.json`. */
export function resultSchema(reader: Reader): z.ZodType {
  return RESULTS[reader];
}
