import { type RunCounts, utcDay, type WindowSettings } from '@pulselake/data-model';
import { type Lake, readInput, RejectedWriter, WindowsWriter } from '@pulselake/lake';
import {
  MetricEventParser,
  rejectedEvent,
  SeriesTable,
  WindowAggregator,
  type WindowMode,
} from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import { ingestFiles, NO_COUNTS, type StageReader } from './ingest-file.js';
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
  return ingestFiles(lake, 'stream-windows', inputs, eventsReader(options), options);
}

function eventsReader(options: IngestEventsOptions): StageReader {
  const { settings, mode, nowMs, signal } = options;
  return async ({ identified, partId, supersedes }, transaction) => {
    const { input, modifiedMs } = identified;
    const series = new SeriesTable();
    const rejects = await RejectedWriter.open(transaction, {
      stage: 'stream-windows',
      day: utcDay(modifiedMs),
      file: input.uri,
      inputId: input.inputId,
    });
    const writer = await WindowsWriter.open({
      transaction,
      series,
      source: 'stream',
      partId,
      inputId: input.inputId,
      emittedAtMs: modifiedMs,
      name: `stream-${input.inputId}`,
      account: 'samples',
    });
    try {
      let duplicate = 0;
      // In streaming mode a correction stands for the result before it: only the last one is written.
      const latest = new Map<string, Parameters<WindowsWriter['add']>[0]>();
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
      for (const window of latest.values()) {
        writer.add(window);
        if (writer.isFull) await writer.spill();
      }
      await writer.flush();
      rejects.close();
      const counts: RunCounts = {
        ...NO_COUNTS,
        read: parser.records,
        accepted: writer.records,
        duplicate,
        rejected: rejects.rows,
      };
      return {
        counts,
        rejectedByReason: rejects.byReason,
        windowsCorrected: aggregator.corrections,
        ...(parser.records === 0 && { message: 'It holds no record.' }),
      };
    } finally {
      writer.release();
    }
  };
}
