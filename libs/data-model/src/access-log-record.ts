import { z } from 'zod';
import { InstantSchema } from './instant.js';

/** One line of a server access log. */
export const AccessLogRecordSchema = z.object({
  time: InstantSchema,
  /** The calling service, or the empty string for a person's call. */
  source: z.string(),
  /** The called service. */
  target: z.string().min(1),
  method: z.string(),
  path: z.string(),
  /** HTTP status, 000–999. */
  status: z.int().min(0).max(999),
  agent: z.string(),
  kind: z.enum(['service', 'user']),
});

/** A line of a server access log that was read; see {@link AccessLogRecordSchema}. */
export type AccessLogRecord = z.infer<typeof AccessLogRecordSchema>;
