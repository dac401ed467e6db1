import type { PipelineRun } from '@pulselake/data-model';
import type { Lake } from '@pulselake/lake';
import { replayAbandonedStreams } from '../pipelines/replay-streams.js';
import { StreamSession, type StreamSessionOptions } from '../pipelines/stream-session.js';

/** The stream cannot take events now. */
export class StreamUnavailableError extends Error {
  override readonly name = 'StreamUnavailableError';
}

export interface IntakeStreamOptions extends StreamSessionOptions {
  /** How long nothing is tried after a failure, in milliseconds. Default 5,000. */
  readonly retryMs?: number;
}

const RETRY_MS = 5000;

/**
 * The stream behind an intake: opened with its first event, and opened anew after a failure, once what the failed one had
 * in its journal is in the lake.
 */
export class IntakeStream {
  #session: StreamSession | undefined;
  #opening: Promise<StreamSession> | undefined;
  #retryAtMs = -Infinity;
  #closed = false;

  constructor(
    private readonly lake: Lake,
    private readonly options: IntakeStreamOptions,
  ) {}

  /**
   * The stream to send to.
   *
   * @throws StreamUnavailableError when there is none now
   */
  async session(): Promise<StreamSession> {
    if (this.#closed) throw new StreamUnavailableError('The intake is being closed.');
    if (this.#session && this.#session.failure === undefined) return this.#session;
    if (performance.now() < this.#retryAtMs) {
      throw new StreamUnavailableError('The stream has failed; it is tried again soon.');
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Ends the stream: all it has taken is committed. @returns its run, none when nothing came since the last failure */
  async close(): Promise<PipelineRun | undefined> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    if (this.#session && this.#session.failure === undefined) return this.#session.close();
    if (this.#retryAtMs === -Infinity) return undefined;
    await this.#leaveFailed();
    return (await replayAbandonedStreams(this.lake)).at(-1);
  }

  async #open(): Promise<StreamSession> {
    try {
      await this.#leaveFailed();
      await replayAbandonedStreams(this.lake);
      this.#session = await StreamSession.open(this.lake, {
        ...this.options,
        onFailure: (error) => this.#fail(error),
      });
      return this.#session;
    } catch (error) {
      this.#fail(error);
      throw new StreamUnavailableError('The stream cannot be opened.', { cause: error });
    }
  }

  async #leaveFailed(): Promise<void> {
    await this.#session?.abandon();
    this.#session = undefined;
  }

  #fail(error: unknown): void {
    this.#retryAtMs = performance.now() + (this.options.retryMs ?? RETRY_MS);
    this.options.onFailure?.(error);
  }
}
