import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDbQueryEngine } from '@pulselake/lake';

const INTERVAL_MS = 5000;

/** Lets an engine that lives long learn which days hold no repeats, beside its queries, until the signal. */
export async function keepSettlingDays(engine: DuckDbQueryEngine, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // What is wrong with the lake is said by the queries.
    await engine.settleDays(signal).catch(() => undefined);
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
