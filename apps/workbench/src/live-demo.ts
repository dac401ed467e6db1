import { formatInstant, type PipelineRun } from '@pulselake/data-model';
import { liveEventLines } from '@pulselake/generators';
import type { LiveBroadcast } from './live-broadcast.js';
import type { StreamSession } from './pipelines/stream-session.js';

const STEP_MS = 250;
const ANNOUNCE_MS = 1000;
/** Each of the fleet's series sends an event this often. */
const EVERY_MS = 1000;

/** Keeps the demo fleet's events flowing into a stream until it is stopped, and announces how they flow. */
export class LiveDemo {
  readonly #timers: NodeJS.Timeout[];
  #fromMs: number;
  #announced = 0;
  #failure: unknown;

  constructor(
    private readonly session: StreamSession,
    private readonly live: LiveBroadcast,
    private readonly clock: () => number,
    private readonly seed: number,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#fromMs = clock();
    this.#timers = [setInterval(() => this.#send(), STEP_MS), setInterval(() => this.#announce(), ANNOUNCE_MS)];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #send(): void {
    const toMs = this.clock();
    // A clock that was set back must not send an interval twice.
    if (toMs <= this.#fromMs) return;
    const lines = [...liveEventLines({ seed: this.seed, fromMs: this.#fromMs, toMs, intervalMs: EVERY_MS })];
    this.#fromMs = toMs;
    if (lines.length === 0) return;
    try {
      this.session.push(Buffer.from(`${lines.join('\n')}\n`));
    } catch (error) {
      if (this.#failure === undefined) this.onFailure(error);
      this.#failure = error;
      this.stop();
    }
  }

  #announce(): void {
    const { read } = this.session.account;
    const perSecond = ((read - this.#announced) * 1000) / ANNOUNCE_MS;
    this.#announced = read;
    this.live.announce({ type: 'events', perSecond, total: read, openWindows: this.session.heldWindows });
  }
}

/** Announces a commit. */
export function announceCommit(live: LiveBroadcast, { stage, rowsWritten }: PipelineRun, atMs: number): void {
  live.announce({ type: 'committed', stage, rows: rowsWritten, at: formatInstant(atMs) });
}
