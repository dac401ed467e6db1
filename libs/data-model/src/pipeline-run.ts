import { z } from 'zod';
import { InstantSchema } from './instant.js';
import { REJECT_REASONS } from './reject-reason.js';

/** What a run did. */
export const PIPELINE_STAGES = [
  'metrics-etl',
  'stream-windows',
  'delivery',
  'traffic-report',
  'compaction',
  'redrive',
  'removal',
] as const;
/** One of {@link PIPELINE_STAGES}. */
export type PipelineStage = (typeof PIPELINE_STAGES)[number];

const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file a run read. */
export const RunInputSchema = z.object({
  uri: z.string().min(1),
  /** SHA-256 of the decompressed bytes; for access logs together with the target the name gives. */
  inputId: z.string().min(1),
  /** Bytes as stored. */
  bytes: Count,
  /** SHA-256 of the bytes as stored. */
  sha256: Sha256,
  /** Bytes after decompression: the length whose digest tells whether a later version has grown from this one. */
  contentBytes: Count.optional(),
  etag: z.string().optional(),
  modifiedAt: InstantSchema,
  /** Records taken from it, where a run takes a part of a file: the rejected records of one reason. */
  records: Count.optional(),
});
/** A file that a run read; see {@link RunInputSchema}. */
export type RunInput = z.infer<typeof RunInputSchema>;

/** A file a run wrote. */
export const RunOutputSchema = z.object({
  /** Key below the lake, `/`-separated. */
  uri: z.string().min(1),
  rows: Count,
  bytes: Count,
  sha256: Sha256,
  /** Input records this file accounts for: rows, sample counts or requests. Absent where a file accounts for none. */
  records: Count.optional(),
  /** The commit that wrote it, where a run has several; otherwise the run's own {@link PipelineRun.sequence}. */
  sequence: Count.optional(),
});
/** A file that a run wrote; see {@link RunOutputSchema}. */
export type RunOutput = z.infer<typeof RunOutputSchema>;

/** Where the records of a run went: `read = accepted + duplicate + external + outOfRange + rejected`, always. */
export const RunCountsSchema = z.object({
  /** Counted by the reader, before parsing. */
  read: Count,
  /** Went into the result. */
  accepted: Count,
  /** Repeats of an `eventId`, superseded rows. */
  duplicate: Count,
  /** People's calls. */
  external: Count,
  /** Outside the days or the start that was asked for. */
  outOfRange: Count,
  /** Rows of `rejected_records`. */
  rejected: Count,
});
/** Where the records of a run went: `read = accepted + duplicate + external + outOfRange + rejected`. */
export type RunCounts = z.infer<typeof RunCountsSchema>;

/** What became of files that hold rows of several inputs, when some of these were taken out: `read = kept + takenOut`. */
export const RewrittenRowsSchema = z.object({
  /** Rows of the files that were written anew. */
  read: Count,
  /** Rows in the files written instead. */
  kept: Count,
  takenOut: Count,
});
/** Rows of files that were written anew: `read = kept + takenOut`. */
export type RewrittenRows = z.infer<typeof RewrittenRowsSchema>;

/** How far a run has read a Kinesis stream. */
export const StreamReadSchema = z.object({
  name: z.string().min(1),
  region: z.string().optional(),
  /** By shard: the position after which the next run goes on. */
  positions: z.record(z.string(), z.string()),
});
/** How far a run has read a Kinesis stream. */
export type StreamRead = z.infer<typeof StreamReadSchema>;

/** The Flink job whose account a run is. Its windows come through a stream: they are files of deliveries. */
export const StreamJobSchema = z.object({
  name: z.string().min(1),
  outputStream: z.string().min(1),
});
/** The Flink job whose account a run is. */
export type StreamJob = z.infer<typeof StreamJobSchema>;

/** One entry of the ledger: what one run of one stage read, wrote and rejected. */
export const PipelineRunSchema = z.object({
  runId: z.string().min(1),
  stage: z.enum(PIPELINE_STAGES),
  startedAt: InstantSchema,
  /** Absent while the run goes on. */
  finishedAt: InstantSchema.optional(),
  status: z.enum(['running', 'succeeded', 'failed']),
  inputs: z.array(RunInputSchema),
  outputs: z.array(RunOutputSchema),
  /** Keys of earlier runs' files that this run overwrote or removed. */
  replaced: z.array(z.string()).optional(),
  counts: RunCountsSchema,
  rejectedByReason: z.partialRecord(z.enum(REJECT_REASONS), Count),
  /** Accepted events in windows not yet written; 0 once the run is done. */
  open: Count.optional(),
  rowsWritten: Count,
  /** Windows written again with a higher revision. */
  windowsCorrected: Count.optional(),
  /** Order of the commits of an embedded lake, from 1: the last run that wrote a key decides what it holds. */
  sequence: Count.optional(),
  /** Earlier versions of the input, oldest first, when it has grown: this run's rows stand for theirs. */
  supersedes: z.array(z.string()).optional(),
  /** Shared files written anew without rows of the inputs that this run replaces. */
  rewritten: RewrittenRowsSchema.optional(),
  /** Inputs whose contribution was removed: the lake knows them no more. */
  forgotten: z.array(z.string()).optional(),
  /** Everything of the UTC days before this one was removed, and stays so: `YYYY-MM-DD`. */
  prunedBefore: z.string().optional(),
  /** The days a traffic run was restricted to; absent when every day found was reported. */
  days: z.array(z.string()).optional(),
  /** Of runs that read a Kinesis stream: `delivery`, and `stream-windows` without a Flink job. */
  stream: StreamReadSchema.optional(),
  /** Stage `stream-windows`, when a Flink job did it. */
  job: StreamJobSchema.optional(),
  error: z.string().optional(),
});

/** One entry of the ledger; see {@link PipelineRunSchema}. */
export type PipelineRun = z.infer<typeof PipelineRunSchema>;
