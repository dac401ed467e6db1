import { formatInstant, type PipelineRun, type PipelineStage, TRAFFIC_COUNTS } from '@pulselake/data-model';
import { LakeError } from '../errors.js';
import { KnownInputs } from '../known-inputs.js';
import { type Lake, nextSequence } from '../lake.js';
import { dayOfKey } from '../lake-layout.js';
import { liveFiles } from '../live-files.js';
import { reportHasUsers, stageTrafficReport } from '../traffic-store.js';
import { takeOut } from './take-out.js';

/** An input of a stage; a stream's input is its run. */
export interface InputOfStage {
  readonly stage: PipelineStage;
  readonly inputId: string;
  /** Its address; for a stream its run. */
  readonly uri: string;
}

const STAGES = ['metrics-etl', 'stream-windows', 'traffic-report'] as const;
const SHORTEST_PREFIX = 8;

/**
 * The inputs that a name means: a run's id (all its inputs), an input's id or at least eight characters of its start, or an
 * address (every version that is known there).
 *
 * @throws LakeError when it means nothing, is not unique, or is a run that brought no input
 */
export function inputsNamed(runs: readonly PipelineRun[], name: string): InputOfStage[] {
  const all = contributions(runs);
  const run = runs.find(({ runId }) => runId === name);
  if (run) {
    const ids = new Set([run.runId, ...run.inputs.map(({ inputId }) => inputId)]);
    const ofRun = all.filter(({ stage, inputId }) => stage === run.stage && ids.has(inputId));
    if (ofRun.length > 0) return ofRun;
    throw new LakeError(
      `${name} is a run of ${run.stage} (${run.status}) that has nothing in the lake of its own. Name a run that brought inputs, or an input.`,
    );
  }
  const exact = all.filter(({ inputId, uri }) => inputId === name || uri === name);
  if (exact.length > 0) return exact;
  const begins = name.length >= SHORTEST_PREFIX ? all.filter(({ inputId }) => inputId.startsWith(name)) : [];
  const ids = new Set(begins.map(({ inputId }) => inputId));
  if (ids.size > 1) throw new LakeError(`${name} begins the ids of ${ids.size} inputs. Give more of it.`);
  if (ids.size === 1) return begins;
  throw new LakeError(
    `${name} is neither a run, nor an input, nor an address that the lake knows. See pulselake runs.`,
  );
}

function contributions(runs: readonly PipelineRun[]): InputOfStage[] {
  const files = STAGES.flatMap((stage) =>
    new KnownInputs(runs, stage).all.map(({ input }) => ({ stage, inputId: input.inputId, uri: input.uri })),
  );
  const forgotten = new Set(runs.flatMap((run) => run.forgotten ?? []));
  const streams = runs
    .filter((run) => run.stage === 'stream-windows' && run.inputs.length === 0 && run.status !== 'failed')
    .filter(({ runId }) => !forgotten.has(runId))
    .map(({ runId }) => ({ stage: 'stream-windows' as const, inputId: runId, uri: runId }));
  return [...files, ...streams];
}

/**
 * Removes all that came from some inputs, rejected and redriven records included, in one run; reports are made anew without
 * them. Afterwards the lake does not know the inputs.
 *
 * @throws LakeError when an input is a stream that still runs
 */
export async function forgetInputs(lake: Lake, find: (runs: readonly PipelineRun[]) => InputOfStage[]) {
  const startedAt = formatInstant(lake.now());
  return lake.locked(async ({ runs }) => {
    const inputs = find(runs);
    for (const { inputId } of inputs) {
      if (runs.some((run) => run.runId === inputId && run.status === 'running')) {
        throw new LakeError(`${inputId} is a stream that has not ended. End it first.`);
      }
    }
    const runId = lake.newRunId('removal');
    const transaction = await lake.begin(runId);
    try {
      const remove: string[] = [];
      const rewritten = { read: 0, kept: 0, takenOut: 0 };
      for (const stage of STAGES) {
        const inputIds = new Set(inputs.filter((input) => input.stage === stage).map(({ inputId }) => inputId));
        const taken = await takeOut(lake.root, transaction, runs, { stage, inputIds });
        remove.push(...taken.remove);
        rewritten.read += taken.rewritten?.read ?? 0;
        rewritten.kept += taken.rewritten?.kept ?? 0;
        rewritten.takenOut += taken.rewritten?.takenOut ?? 0;
      }
      const live = liveFiles(runs);
      const rowsOfFiles = remove.reduce((sum, key) => sum + live.get(key)!.output.rows, 0);
      const days = new Set(remove.filter((key) => key.startsWith(`${TRAFFIC_COUNTS.prefix}/`)).map(dayOfKey));
      for (const day of [...days].filter((found) => found !== undefined).sort()) {
        const includeUsers = await reportHasUsers(lake.root, day);
        await stageTrafficReport(lake.root, transaction, day, { removed: new Set(remove), includeUsers });
      }
      const run = await transaction.commit(
        {
          runId,
          stage: 'removal',
          startedAt,
          finishedAt: formatInstant(lake.now()),
          status: 'succeeded',
          inputs: [],
          counts: {
            read: rowsOfFiles,
            accepted: rewritten.kept,
            duplicate: 0,
            external: 0,
            outOfRange: rowsOfFiles - rewritten.read + rewritten.takenOut,
            rejected: 0,
          },
          rejectedByReason: {},
          ...(rewritten.read > 0 && { rewritten }),
          forgotten: [...new Set(inputs.map(({ inputId }) => inputId))].sort(),
        },
        { sequence: nextSequence(runs), remove },
      );
      return { run, inputs };
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  });
}
