import { setTimeout as sleep } from 'node:timers/promises';
import type { Lake } from '@pulselake/lake';
import type { IngestOptions } from '../pipelines/ingest-outcome.js';
import { LandingFiles } from './landing-files.js';
import { takeFiles, type TakenFiles } from './take-files.js';

export interface LandingOptions extends Omit<IngestOptions, 'signal'> {
  /** Ends the watching, not within a commit. */
  readonly signal: AbortSignal;
}

export interface WatchOptions extends LandingOptions {
  /** Told what became of the files of one look. */
  readonly onTaken: (taken: TakenFiles) => void;
  /** Told when a look or the taking failed, once as long as the reason stays the same; it goes on. */
  readonly onFailure: (error: unknown) => void;
  /** Time between two looks in milliseconds. Default 2,000. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 2000;
/** After a failure, such as a full disk. */
const RETRY_MS = 15_000;

/** Takes the files that lie in `landing/` and do not change: looks, waits where there are any, and looks again. */
export async function takeLanding(lake: Lake, options: LandingOptions): Promise<TakenFiles> {
  const landing = new LandingFiles(lake.root, (await lake.ledger()).runs);
  await landing.look(performance.now());
  if (landing.waiting === 0) return { metrics: [], events: [], logs: [] };
  await sleep(INTERVAL_MS + 10, undefined, { signal: options.signal });
  return take(lake, landing, options);
}

/** Takes the files that appear in `landing/`, or change, until the signal comes. */
export async function watchLanding(lake: Lake, options: WatchOptions): Promise<void> {
  const { signal, onTaken, onFailure, intervalMs = INTERVAL_MS } = options;
  let landing: LandingFiles | undefined;
  let told: string | undefined;
  for (;;) {
    let pauseMs = intervalMs;
    try {
      landing ??= new LandingFiles(lake.root, (await lake.ledger()).runs);
      onTaken(await take(lake, landing, options));
      told = undefined;
    } catch (error) {
      // Not a failure: it was told to end.
      if (signal.aborted) return;
      pauseMs = Math.max(RETRY_MS, intervalMs);
      if (told !== String(error)) onFailure(error);
      told = String(error);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

async function take(lake: Lake, landing: LandingFiles, options: LandingOptions): Promise<TakenFiles> {
  return takeFiles(lake, await landing.look(performance.now()), {
    ...options,
    nowMs: lake.now(),
    onOutcome: (outcome) => {
      // At once: a later file may end the taking with an error.
      landing.settle(outcome.path);
      options.onOutcome?.(outcome);
    },
  });
}
