import type { PipelineRun } from '@pulselake/data-model';
import type { Lake } from '@pulselake/lake';
import { JobFiles, type NotYetAdopted } from './job-files.js';
import { positionsOf, type StreamRead, type StreamSource } from '../stream-source.js';
import { DeliveryBatch } from './delivery-batch.js';

export interface DeliverOptions {
  readonly source: StreamSource;
  /** Reads the stream from these positions on. */
  readonly read: (positions: ReadonlyMap<string, string>) => AsyncIterable<StreamRead>;
  /** How often what was read is committed, in milliseconds. Default 10,000. */
  readonly commitIntervalMs?: number;
  /** Records that one commit takes at most, but for what one read gives. Default 100,000. */
  readonly commitRecords?: number;
  /** Told after each commit. */
  readonly onCommit?: (run: PipelineRun) => void;
  readonly signal: AbortSignal;
}

export interface DeliverOutcome {
  readonly runs: readonly PipelineRun[];
  /** Accounts of Flink jobs that wait for their next checkpoint. */
  readonly waiting: readonly NotYetAdopted[];
}

/** How often the files of Flink jobs are looked for. */
const ADOPT_INTERVAL_MS = 60_000;

/**
 * Brings windows from a stream into the lake. Each commit says how far the stream was read, in the same step as the rows
 * appear: a delivery that was killed goes on where the last commit ended.
 */
export async function deliver(lake: Lake, options: DeliverOptions): Promise<DeliverOutcome> {
  const { source, commitIntervalMs = 10_000, commitRecords = 100_000, signal } = options;
  const positions = positionsOf((await lake.ledger()).runs, 'delivery', source);
  const jobFiles = new JobFiles(lake);
  const runs: PipelineRun[] = [];
  let batch = new DeliveryBatch(lake, source);
  let beganMs = lake.now();
  let adoptedMs = -Infinity;
  const commit = async () => {
    if (batch.size > 0) {
      const run = await batch.commit(positions);
      runs.push(run);
      options.onCommit?.(run);
    }
    batch = new DeliveryBatch(lake, source);
    beganMs = lake.now();
  };
  try {
    for await (const { shardId, records, position } of options.read(positions)) {
      for (const record of records) batch.take(record);
      positions.set(shardId, position);
      if (batch.size >= commitRecords || lake.now() - beganMs >= commitIntervalMs) await commit();
      if (lake.now() - adoptedMs >= ADOPT_INTERVAL_MS) {
        await jobFiles.adopt();
        adoptedMs = lake.now();
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await commit();
  return { runs, waiting: await jobFiles.adopt() };
}
