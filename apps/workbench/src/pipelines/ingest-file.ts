import { formatInstant } from '@pulselake/data-model';
import { KnownInputs, type Lake } from '@pulselake/lake';
import type { InputPath } from './expand-inputs.js';
import { fail } from './failed-run.js';
import { Batch, ingestBatch, type MetricsStage, NEW_RUN } from './ingest-batch.js';
import type { IngestOptions, IngestOutcome } from './ingest-outcome.js';
import { identifyVersion, type InputVersion } from './input-version.js';

/**
 * Ingests files: one that fails does not stop the others. A file is a run of its own; small ones share a run and its files,
 * since a commit costs more than they do.
 */
export async function ingestFiles(
  lake: Lake,
  stage: MetricsStage,
  inputs: readonly InputPath[],
  options: IngestOptions,
): Promise<IngestOutcome[]> {
  const outcomes: IngestOutcome[] = [];
  const settle = (settled: readonly IngestOutcome[]) => {
    for (const outcome of settled) {
      options.onOutcome?.(outcome);
      outcomes.push(outcome);
    }
  };
  let batch = await Batch.open(lake, stage.stage);
  const commit = async () => {
    if (batch.inputs.length > 0) {
      const { outcomes: settled, again } = await ingestBatch(lake, stage, batch);
      settle(settled);
      for (const input of again) settle(await ingestFiles(lake, stage, [input], quiet(options)));
    }
    batch = await Batch.open(lake, stage.stage);
  };
  for (const [done, input] of inputs.entries()) {
    options.signal?.throwIfAborted();
    const address = input.address ?? input.path;
    options.onProgress?.({ done, total: inputs.length, path: address });
    const startedAt = formatInstant(lake.now());
    let version: InputVersion;
    try {
      const versions = input.grows === false ? new KnownInputs([], stage.stage) : batch.known;
      version = await identifyVersion(input.path, address, versions, options);
    } catch (error) {
      settle([
        await fail(
          lake,
          address,
          { ...NEW_RUN, runId: lake.newRunId(stage.stage), stage: stage.stage, startedAt },
          error,
        ),
      ]);
      continue;
    }
    if (!options.force && batch.has(version.identified.input.inputId)) {
      settle([unchanged(address)]);
      continue;
    }
    const isSmall = Batch.takes(version);
    if (!isSmall || batch.isFullWith(version)) await commit();
    batch.add(input, version);
    if (!isSmall) await commit();
  }
  await commit();
  return outcomes;
}

/** Outcomes are told by whoever asked for the batch. */
function quiet({ force, replace, onRead, signal }: IngestOptions): IngestOptions {
  return {
    ...(force !== undefined && { force }),
    ...(replace !== undefined && { replace }),
    ...(onRead && { onRead }),
    ...(signal && { signal }),
  };
}

function unchanged(path: string): IngestOutcome {
  return {
    path,
    status: 'unchanged',
    message: 'The lake holds this content already; nothing to do (--force reads it again).',
  };
}
