import { isDeepStrictEqual } from 'node:util';
import type { PipelineRun, WindowSettings } from '@pulselake/data-model';
import type { Lake } from '@pulselake/lake';
import { type AbandonedStream, takeAbandonedStream } from './replay-streams.js';
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
 * the journal together with how far: a run that was killed is gone on with, as if nothing had been.
 */
export async function ingestKinesis(lake: Lake, options: IngestKinesisOptions): Promise<PipelineRun> {
  const { source, read, signal } = options;
  const { session, positions } = await openSession(lake, options);
  try {
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

async function openSession(
  lake: Lake,
  { source, settings, clock }: IngestKinesisOptions,
): Promise<{ readonly session: StreamSession; readonly positions: ReadonlyMap<string, string> }> {
  // With other settings its windows cannot go on: they are written, and new ones begin.
  const isWanted = ({ windows: { stream }, settings: own }: AbandonedStream) =>
    stream?.name === source.name && stream.region === source.region && isDeepStrictEqual(own, settings);
  const abandoned = await takeAbandonedStream(lake, isWanted);
  if (abandoned) {
    const positions = new Map(Object.entries(abandoned.windows.stream!.positions));
    return { session: await StreamSession.goOn(lake, abandoned, { settings, clock }), positions };
  }
  const positions = positionsOf((await lake.ledger()).runs, 'stream-windows', source);
  const session = await StreamSession.open(lake, { settings, clock });
  // How far the runs before have read is this run's to keep, also of shards that bring nothing.
  for (const [shardId, position] of positions) session.pushBatch({ source, shardId, position, records: [] });
  return { session, positions };
}
