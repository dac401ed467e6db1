import type { PipelineRun, RunOutput } from '@pulselake/data-model';
import { lastWriters } from './run-ledger.js';

/** A file as the last run that wrote it left it. */
export interface LiveFile {
  readonly output: RunOutput;
  readonly run: PipelineRun;
}

/** The files that should be there, each with the run that wrote it last. */
export function liveFiles(runs: readonly PipelineRun[]): Map<string, LiveFile> {
  const live = new Map<string, LiveFile>();
  for (const [key, { run, output }] of lastWriters(runs)) if (output) live.set(key, { output, run });
  return live;
}
