import type { PipelineRun, WindowSettings } from '@pulselake/data-model';
import type { Lake } from '@pulselake/lake';
import { replayAbandonedStreams } from './replay-streams.js';
import { positionsOf, type StreamRead, type StreamSource } from './stream-source.js';
import { StreamSession } from './stream-session.js';

export interface IngestKinesisOptions {
  readonly source: StreamSource;
  /** Reads the stream from these positions on. */
  readonly read: (positions: ReadonlyMap<string, string>) => AsyncIterable<StreamRead>;
  readonly settings: WindowSettings;
  /** The clock that `future` is judged by and by which silence is measured, in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/**
 * Ingests metric events from a Kinesis stream until it is read to its end or the signal says so. What was read goes to
 * the journal together with how far: a run that was killed is brought home by the next one, which reads on behind it.
 */
export async function ingestKinesis(lake: Lake, options: IngestKinesisOptions): Promise<PipelineRun> {
  const { source, read, settings, clock, signal } = options;
  await replayAbandonedStreams(lake);
  const positions = positionsOf((await lake.ledger()).runs, 'stream-windows', source);
  const session = await StreamSession.open(lake, { settings, clock });
  try {
    // How far the runs before have read is this run's to keep, also of shards that bring nothing.
    for (const [shardId, position] of positions) session.pushBatch({ source, shardId, position, records: [] });
    for await (const batch of read(positions)) {
      session.pushBatch({ source, ...batch });
      await session.room();
    }
  } catch (error) {
    if (!signal.aborted) {
      // What was read stays: the journal is brought home by whoever comes next.
      await session.abandon();
      throw error;
    }
  }
  return session.close();
}
