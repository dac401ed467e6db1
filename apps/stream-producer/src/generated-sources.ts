import { ExpectedResults, type Dataset, liveEventLines } from '@pulselake/generators';
import type { EventSource } from './event-source.js';

/** The events of a data set, in its order. */
export function generatedSources(dataset: Dataset): EventSource[] {
  return dataset.files.flatMap((file) =>
    file.kind === 'bytes' && file.stage === 'stream-windows'
      ? [
          {
            name: file.path,
            isRepeatable: true,
            async *open(signal: AbortSignal) {
              for (const chunk of file.chunks(new ExpectedResults(dataset.nowMs))) {
                // The generator never waits, and nobody would hear the stop signal.
                await new Promise((resolve) => setImmediate(resolve));
                if (signal.aborted) return;
                yield chunk;
              }
            },
          },
        ]
      : [],
  );
}

export interface LiveSourceOptions {
  readonly seed: number;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Time of events that are sent together. */
const LIVE_STEP_MS = 200;

/** The shop's events as time goes on, without end. */
export function liveSource({ seed, clock, sleep }: LiveSourceOptions): EventSource {
  return {
    name: 'live',
    isRepeatable: false,
    async *open(signal) {
      for (let fromMs = clock(); ;) {
        const toMs = clock();
        const lines = [...liveEventLines({ seed, fromMs, toMs })];
        fromMs = toMs;
        if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
        await sleep(LIVE_STEP_MS, signal).catch(() => undefined);
        if (signal.aborted) return;
      }
    },
  };
}
