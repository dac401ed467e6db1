import { join } from 'node:path';
import { formatInstant, type PipelineRun, type RunOutput, WINDOWED_METRICS } from '@pulselake/data-model';
import {
  type DeliveredFile,
  digestFile,
  inspectDelivered,
  isWindowsKey,
  type Lake,
  lastWriters,
  listKeys,
  liveFiles,
  nextSequence,
  type Problem,
} from '@pulselake/lake';
import { NO_COUNTS } from '../pipelines/ingest-outcome.js';

/** Names as Firehose gives them: stream, version, time of arrival, an id. */
const FIREHOSE_NAME = /-\d+-\d{4}(?:-\d\d){5}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.parquet$/;

/** Whether a file of windows was written by Firehose, by its name. */
export function isFirehoseKey(key: string): boolean {
  return isWindowsKey(key) && FIREHOSE_NAME.test(key);
}

export interface Adoption {
  /** Absent when there was nothing new. */
  readonly run?: PipelineRun;
  /** Files that were not adopted, and why. */
  readonly problems: readonly Problem[];
}

/**
 * Takes files of Firehose into the ledger, as one `delivery` run that lists them with rows, bytes and digest: from then on
 * each is held against that, and all together against what the Flink job counted. A file that repeats another one is not
 * taken: the view counts its rows once, but nobody should have to trust that.
 *
 * @param stream the stream that Firehose reads
 */
export async function adoptDeliveries(lake: Lake, stream: string): Promise<Adoption> {
  return lake.locked(async ({ runs }) => {
    const writers = lastWriters(runs);
    const live = [...liveFiles(runs).keys()].filter(isWindowsKey);
    const keys = (await listKeys(lake.root, WINDOWED_METRICS.prefix)).filter(
      (key) => isFirehoseKey(key) && !writers.has(key),
    );
    if (keys.length === 0) return { problems: [] };
    const there = new Set(await listKeys(lake.root, WINDOWED_METRICS.prefix));
    const files = await inspectDelivered(
      lake.root,
      keys,
      live.filter((key) => there.has(key) && isFirehoseKey(key)),
    );
    const good = files.filter(({ repeats, unreadable }) => repeats === undefined && unreadable === undefined);
    const problems = files.flatMap(problemOf);
    if (good.length === 0) return { problems };
    return { run: await commit(lake, stream, good, nextSequence(runs)), problems };
  });
}

function problemOf({ key, repeats, unreadable }: DeliveredFile): Problem[] {
  if (unreadable !== undefined) return [{ subject: key, message: `The file cannot be read: ${unreadable}` }];
  if (repeats === undefined) return [];
  const message = `Doubled: every row of this file stands in ${repeats} too. The view counts them once; remove this file from the bucket.`;
  return [{ subject: key, message }];
}

async function commit(
  lake: Lake,
  stream: string,
  files: readonly DeliveredFile[],
  sequence: number,
): Promise<PipelineRun> {
  const now = formatInstant(lake.now());
  const runId = lake.newRunId('delivery');
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const outputs: RunOutput[] = [];
  for (const { key, rows: rowsOfFile, samples } of files) {
    const digest = await digestFile(join(lake.root, key));
    outputs.push({ uri: key, rows: rowsOfFile, records: samples, ...digest, sequence });
  }
  const transaction = await lake.begin(runId);
  try {
    return await transaction.commit(
      {
        runId,
        stage: 'delivery',
        startedAt: now,
        finishedAt: now,
        status: 'succeeded',
        inputs: [],
        counts: { ...NO_COUNTS, read: rows, accepted: rows },
        rejectedByReason: {},
        stream: { name: stream, positions: {} },
      },
      { sequence, earlier: outputs },
    );
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}
