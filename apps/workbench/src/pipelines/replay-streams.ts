import { type PipelineRun, type WindowSettings, WindowSettingsSchema } from '@pulselake/data-model';
import { type AbandonedJournal, JOURNAL, type Lake, LakeError, takeAbandonedJournals } from '@pulselake/lake';
import { type CommittedState, StreamCommitter } from './stream-committer.js';
import { decodeBatch } from './stream-batch.js';
import { decodeSnapshot } from './stream-state.js';
import { StreamWindows } from './stream-windows.js';

/** A stream whose process is gone, replayed up to its last step. */
export interface AbandonedStream {
  readonly journal: AbandonedJournal;
  readonly windows: StreamWindows;
  readonly settings: WindowSettings;
  readonly startedAtMs: number;
  /** How the ledger knows it, when it had committed something. */
  readonly earlier?: PipelineRun;
  /** What of it stays; absent when the journal was never cut. */
  readonly committed?: CommittedState;
}

/**
 * Brings what crashed streams left in their journals into the lake. A replay starts where the journal was last cut: what
 * had been committed before stays, and what was committed after is written anew.
 *
 * @returns the runs that were completed
 * @throws LakeError when a journal is damaged at its start
 */
export async function replayAbandonedStreams(lake: Lake): Promise<PipelineRun[]> {
  const runs: PipelineRun[] = [];
  await eachAbandoned(lake, async (stream) => {
    runs.push(await finish(lake, stream));
    return true;
  });
  return runs;
}

/**
 * The same, but for a stream that can be read on: it is left as it is.
 *
 * @param isWanted whether a stream is the one to go on with
 */
export async function takeAbandonedStream(
  lake: Lake,
  isWanted: (stream: AbandonedStream) => boolean,
): Promise<AbandonedStream | undefined> {
  let found: AbandonedStream | undefined;
  await eachAbandoned(lake, async (stream) => {
    if (!found && isWanted(stream)) {
      found = stream;
      return false;
    }
    await finish(lake, stream);
    return true;
  });
  return found;
}

/** @param work tells whether the journal is done with */
async function eachAbandoned(lake: Lake, work: (stream: AbandonedStream) => Promise<boolean>): Promise<void> {
  const abandoned = await lake.locked(() => takeAbandonedJournals(lake.root, lake.files));
  try {
    while (abandoned.length > 0) {
      const journal = abandoned[0]!;
      const stream = await replayJournal(lake, journal);
      if (!stream || (await work(stream))) await journal.remove();
      abandoned.shift();
    }
  } catch (error) {
    // Where this fails too, they wait until this process has ended.
    for (const journal of abandoned) await journal.release().catch(() => undefined);
    throw error;
  }
}

function finish(lake: Lake, stream: AbandonedStream): Promise<PipelineRun> {
  stream.windows.finish();
  return committerOf(lake, stream).commit(stream.windows.takeResults(), 'succeeded');
}

/** What goes on committing a stream that was replayed. */
export function committerOf(
  lake: Lake,
  { journal, startedAtMs, earlier, committed }: AbandonedStream,
): StreamCommitter {
  return new StreamCommitter({
    lake,
    runId: journal.runId,
    startedAtMs,
    ...(earlier && { earlier }),
    ...(committed && { committed }),
  });
}

async function replayJournal(lake: Lake, journal: AbandonedJournal): Promise<AbandonedStream | undefined> {
  const { runId } = journal;
  const earlier = (await lake.ledger()).runs.find((run) => run.runId === runId);
  if (earlier?.status === 'succeeded') return undefined;
  const replay = await replaySteps(journal);
  if (replay) return { journal, ...replay, ...(earlier && { earlier }) };
  // Its first step was synced before anything else happened: only damage takes it away, and nothing may be guessed then.
  if (earlier || journal.wasCut) {
    throw new LakeError(
      `The journal of ${runId} is damaged from its start; what it had committed is in the lake. Move ${JOURNAL}/${runId} out of the lake to go on without the rest.`,
    );
  }
  return undefined;
}

type Replay = Pick<AbandonedStream, 'windows' | 'settings' | 'startedAtMs' | 'committed'>;

async function replaySteps(journal: AbandonedJournal): Promise<Replay | undefined> {
  const state: Buffer[] = [];
  let replay: Replay | undefined;
  for await (const step of journal.steps()) {
    if (step.kind === 'state') state.push(step.bytes);
    else if (step.kind === 'begin') replay = beginOf(step.atMs, step.bytes, state);
    else if (step.kind === 'batch') replay?.windows.push(step.bytes, step.atMs);
    else if (step.kind === 'records') replay?.windows.pushBatch(decodeBatch(step.bytes), step.atMs);
    else replay?.windows.advanceClock(step.atMs);
  }
  return replay;
}

function beginOf(startedAtMs: number, bytes: Buffer, state: readonly Buffer[]): Replay {
  const settings = WindowSettingsSchema.parse(JSON.parse(bytes.toString()));
  if (state.length === 0) return { windows: StreamWindows.start(settings, startedAtMs), settings, startedAtMs };
  const { windows, committed } = decodeSnapshot(state);
  return { windows: StreamWindows.resume(settings, windows), settings, startedAtMs, committed };
}
