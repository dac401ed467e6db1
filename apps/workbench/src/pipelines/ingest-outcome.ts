import type { PipelineRun, RunCounts } from '@pulselake/data-model';

export const NO_COUNTS: RunCounts = { read: 0, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };

/** What became of one input. */
export interface IngestOutcome {
  readonly path: string;
  /** `unchanged`: the lake holds this content already. */
  readonly status: 'ingested' | 'unchanged' | 'failed';
  readonly run?: PipelineRun;
  /** Why it failed, or what is worth saying. */
  readonly message?: string;
}

export interface IngestOptions {
  /** Reads an input again that the lake holds already. Default false. */
  readonly force?: boolean;
  /** Other content at a known address takes the place of what was there, instead of being added. Default false. */
  readonly replace?: boolean;
  /** Told after each input. */
  readonly onOutcome?: (outcome: IngestOutcome) => void;
  /** Told before each input, `done` of `total` being finished. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly path: string }) => void;
  /** Told how many bytes of the input's content were read, and how many there are. */
  readonly onRead?: (read: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Where the records of a run went, summed from what was written. */
export function balances({ counts }: PipelineRun): boolean {
  return counts.read === counts.accepted + counts.duplicate + counts.external + counts.outOfRange + counts.rejected;
}
