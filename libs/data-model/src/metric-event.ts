import { z } from 'zod';
import { InstantSchema } from './instant.js';
import { MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from './limits.js';

/** A text of 1 to `max` Unicode code points (not UTF-16 units). */
export const boundedText = (max: number) =>
  z
    .string()
    .min(1)
    .refine((text) => text.length <= max || Array.from(text).length <= max, {
      error: `must have at most ${max} characters`,
    })
    // JSON Schema counts code points, as the rule does.
    .meta({ maxLength: max });

/** One measurement of a modern service: a Kinesis record, or a line of a file. Unknown fields are ignored. */
export const MetricEventSchema = z.object({
  componentName: boundedText(MAX_NAME_LENGTH),
  metricName: boundedText(MAX_NAME_LENGTH),
  unit: boundedText(MAX_UNIT_LENGTH),
  /** A finite double. */
  value: z.number(),
  publicationTimestamp: InstantSchema,
  /** Makes a repeated delivery harmless: an id counts once per window and input. */
  eventId: boundedText(MAX_EVENT_ID_LENGTH).optional(),
});

/** One measurement; see {@link MetricEventSchema}. */
export type MetricEvent = z.infer<typeof MetricEventSchema>;

/** The Kinesis partition key of an event: `componentName_metricName`. */
export function partitionKeyOf(event: Pick<MetricEvent, 'componentName' | 'metricName'>): string {
  return `${event.componentName}_${event.metricName}`;
}
