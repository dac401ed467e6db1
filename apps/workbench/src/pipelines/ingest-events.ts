import type { WindowSettings } from '@pulselake/data-model';
import { type Lake, readInput, type WindowRow } from '@pulselake/lake';
import { MetricEventParser, rejectedEvent, WindowAggregator, type WindowMode } from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import type { MetricsStage } from './ingest-batch.js';
import { ingestFiles } from './ingest-file.js';
import type { IngestOptions, IngestOutcome } from './ingest-outcome.js';

export interface IngestEventsOptions extends IngestOptions {
  readonly settings: WindowSettings;
  readonly mode: WindowMode;
  /** The clock that `future` is judged by, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Ingests files of metric events (JSON Lines): each file's share of each window, source `stream`. */
export function ingestEvents(
  lake: Lake,
  inputs: readonly InputPath[],
  options: IngestEventsOptions,
): Promise<IngestOutcome[]> {
  return ingestFiles(lake, { stage: 'stream-windows', source: 'stream', read: eventsReader(options) }, inputs, options);
}

function eventsReader(options: IngestEventsOptions): MetricsStage['read'] {
  const { settings, mode, nowMs, signal } = options;
  return async ({ identified, partId, supersedes }, writer, rejects) => {
    const { series } = writer;
    const { input, modifiedMs: emittedAtMs } = identified;
    writer.begin({ partId, inputId: input.inputId, emittedAtMs, account: 'samples' });
    let duplicate = 0;
    // In streaming mode a correction stands for the result before it: only the last one is written.
    const latest = new Map<string, WindowRow>();
    const aggregator = new WindowAggregator({
      settings,
      mode,
      series,
      onWindow: (window) => {
        const row = { ...window, revision: window.revision + supersedes.length };
        if (mode === 'bounded') writer.add(row);
        else latest.set(`${window.series} ${window.fromMs}`, row);
      },
    });
    const shard = aggregator.openInput(nowMs);
    const parser = new MetricEventParser({
      series,
      onRejected: (line) => rejects.write(line),
      onEvent: (event) => {
        const outcome = aggregator.add(shard, event, nowMs);
        if (outcome === 'duplicate') duplicate++;
        else if (outcome !== 'accepted') rejects.write(rejectedEvent(outcome, event, series));
      },
    });
    for await (const chunk of readInput(identified, options.onRead)) {
      signal?.throwIfAborted();
      parser.push(chunk);
    }
    parser.end();
    aggregator.finish();
    await writer.addAll(latest.values());
    return { read: parser.records, duplicate, windowsCorrected: aggregator.corrections };
  };
}
