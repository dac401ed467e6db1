import { setTimeout as sleep } from 'node:timers/promises';
import { type Lake, refreshEnrichedReports } from '@pulselake/lake';

/** A day's metrics change with each window of a live stream, and every change is a run: not for each of them. */
const INTERVAL_MS = 5 * 60_000;

/** Keeps the enriched reports up with the windows that a stream writes, until the signal. */
export async function keepRefreshingReports(
  lake: Lake,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await refreshEnrichedReports(lake).catch(onFailure);
  }
}
