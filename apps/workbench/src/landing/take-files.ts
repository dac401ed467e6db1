import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { type Lake, refreshEnrichedReports } from '@pulselake/lake';
import { ingestEvents } from '../pipelines/ingest-events.js';
import { ingestLogs } from '../pipelines/ingest-logs.js';
import { ingestMetrics } from '../pipelines/ingest-metrics.js';
import type { IngestOptions, IngestOutcome } from '../pipelines/ingest-outcome.js';
import type { LandingKind, StableFiles } from './landing-files.js';

/** What became of files, by what they are. */
export type TakenFiles = Readonly<Record<LandingKind, readonly IngestOutcome[]>>;

export interface TakeFilesOptions extends IngestOptions {
  /** The clock that `future` is judged by, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The three pipelines on files that lie in a folder, with the default settings. What is in the lake already is left alone. */
export async function takeFiles(lake: Lake, files: StableFiles, options: TakeFilesOptions): Promise<TakenFiles> {
  const settings = DEFAULT_WINDOW_SETTINGS;
  const taken = {
    metrics: files.metrics.length > 0 ? await ingestMetrics(lake, files.metrics, { ...options, settings }) : [],
    events:
      files.events.length > 0 ? await ingestEvents(lake, files.events, { ...options, settings, mode: 'bounded' }) : [],
    logs: files.logs.length > 0 ? await ingestLogs(lake, files.logs, options) : [],
  };
  if (files.metrics.length + files.events.length > 0) await refreshEnrichedReports(lake);
  return taken;
}
