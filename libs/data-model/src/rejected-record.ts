import { z } from 'zod';
import { PIPELINE_STAGES } from './pipeline-run.js';
import { REJECT_REASONS } from './reject-reason.js';

/** A record that could not be used, kept with its reason so that it can be read again after a fix. */
export const RejectedRecordSchema = z.object({
  stage: z.enum(PIPELINE_STAGES),
  runId: z.string().min(1),
  reason: z.enum(REJECT_REASONS),
  /** One sentence for people. */
  message: z.string(),
  /** The input's address; absent for a stream. */
  file: z.string().optional(),
  /** 1-based line, or row of a Parquet file; absent where the engine knows none. */
  line: z.int().min(1).optional(),
  /** Kinesis sequence number; absent for files. */
  sequenceNumber: z.string().optional(),
  inputId: z.string(),
  /** The record's text, cut to whole code points within 8,192 bytes. `late` and `future`: the known fields as JSON. */
  raw: z.string().optional(),
  /** The record's bytes, at most 8,192, when they are not UTF-8. */
  rawBase64: z.string().optional(),
  /** True when `raw` or `rawBase64` is not the whole record. */
  truncated: z.boolean().optional(),
});

/** A record that could not be used, with its reason; see {@link RejectedRecordSchema}. */
export type RejectedRecord = z.infer<typeof RejectedRecordSchema>;
