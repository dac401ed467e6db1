import type { PipelineRun, PipelineStage } from '@pulselake/data-model';

/** A Kinesis stream that is read. */
export interface StreamSource {
  readonly name: string;
  readonly region?: string;
}

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
}

/** What one read of a shard gave: what `readStream` of aws-clients yields. */
export interface StreamRead {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  /** Where to go on after it. */
  readonly position: string;
}

/** How far the runs of a stage have read a stream. */
export function positionsOf(
  runs: readonly PipelineRun[],
  stage: PipelineStage,
  { name, region }: StreamSource,
): Map<string, string> {
  const last = runs
    .filter((run) => run.stage === stage && run.stream?.name === name && run.stream.region === region)
    .reduce<PipelineRun | undefined>((a, b) => (a && (a.sequence ?? 0) > (b.sequence ?? 0) ? a : b), undefined);
  return new Map(Object.entries(last?.stream?.positions ?? {}));
}
