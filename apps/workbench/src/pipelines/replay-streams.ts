import { type PipelineRun, WindowSettingsSchema } from '@pulselake/data-model';
import { type AbandonedJournal, JOURNAL, type Lake, LakeError, takeAbandonedJournals } from '@pulselake/lake';
import { type CommittedState, StreamCommitter } from './stream-committer.js';
import { decodeBatch } from './stream-batch.js';
import { decodeSnapshot } from './stream-state.js';
import { StreamWindows } from './stream-windows.js';

/**
 * Brings what crashed streams left in their journals into the lake. A replay starts where the journal was last cut: what
 * had been committed before stays, and what was committed after is written anew.
 *
 * @returns the runs that were completed
 * @throws LakeError when a journal is damaged at its start
 */
export async function replayAbandonedStreams(lake: Lake): Promise<PipelineRun[]> {
  const abandoned = await lake.locked(() => takeAbandonedJournals(lake.root, lake.files));
  const runs: PipelineRun[] = [];
  try {
    while (abandoned.length > 0) {
      const run = await replayJournal(lake, abandoned[0]!);
      await abandoned.shift()!.remove();
      if (run) runs.push(run);
    }
  } catch (error) {
    // Where this fails too, they wait until this process has ended.
    for (const journal of abandoned) await journal.release().catch(() => undefined);
    throw error;
  }
  return runs;
}

async function replayJournal(lake: Lake, journal: AbandonedJournal): Promise<PipelineRun | undefined> {
  const { runId } = journal;
  const earlier = (await lake.ledger()).runs.find((run) => run.runId === runId);
  if (earlier?.status === 'succeeded') return undefined;
  const replay = await replaySteps(journal);
  if (replay) {
    const { windows, committed, startedAtMs } = replay;
    const committer = new StreamCommitter({
      lake,
      runId,
      startedAtMs,
      ...(earlier && { earlier }),
      ...(committed && { committed }),
    });
    windows.finish();
    return committer.commit(windows.takeResults(), 'succeeded');
  }
  // Its first step was synced before anything else happened: only damage takes it away, and nothing may be guessed then.
  if (earlier || journal.wasCut) {
    throw new LakeError(
      `The journal of ${runId} is damaged from its start; what it had committed is in the lake. Move ${JOURNAL}/${runId} out of the lake to go on without the rest.`,
    );
  }
  return undefined;
}

interface Replay {
  readonly windows: StreamWindows;
  readonly startedAtMs: number;
  /** Absent when the journal was never cut. */
  readonly committed?: CommittedState;
}

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
  if (state.length === 0) return { windows: StreamWindows.start(settings, startedAtMs), startedAtMs };
  const { windows, committed } = decodeSnapshot(state);
  return { windows: StreamWindows.resume(settings, windows), startedAtMs, committed };
}
