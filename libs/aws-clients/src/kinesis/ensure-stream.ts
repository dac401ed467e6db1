import { CreateStreamCommand, DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { KinesisDeadlineError, KinesisRequestError, StreamNotFoundError } from './errors.js';
import { type CallEnvironment, timerSleep } from '../sdk/call-environment.js';
import { withRetries } from './with-retries.js';

/** Which stream must be there, and how long it is waited for. */
export interface EnsureStreamOptions extends CallEnvironment {
  readonly streamName: string;
  /** Shards of a stream that has to be made, at least 1. One that exists keeps its own. */
  readonly shards: number;
  /** Time until it can be written, default 120,000. */
  readonly deadlineMs?: number;
  /** Pause between two looks, default 250. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes a stream unless there is one, and waits until it can be written. May be called again, and by several at once.
 *
 * @returns whether it was made here
 * @throws KinesisDeadlineError when it cannot be written in time
 * @throws KinesisError when the stream may not be made
 */
export async function ensureStream(
  client: Pick<KinesisClient, 'send'>,
  options: EnsureStreamOptions,
): Promise<boolean> {
  const { streamName, shards, clock, random, sleep = timerSleep } = options;
  const { deadlineMs = 120_000, pollMs = 250, signal } = options;
  const endMs = clock() + deadlineMs;
  let made = false;
  const call = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    withRetries(work, {
      streamName,
      clock,
      random,
      sleep,
      signal,
      // A last look that is cut short would hide what state the stream is in.
      requestTimeoutMs: Math.max(1_000, Math.min(30_000, endMs - clock())),
      retry: { baseMs: 100, capMs: 2_000, deadlineMs: endMs - clock() },
    });
  for (;;) {
    let state = 'absent';
    try {
      const { StreamDescriptionSummary: summary } = await call((abortSignal) =>
        client.send(new DescribeStreamSummaryCommand({ StreamName: streamName }), { abortSignal }),
      );
      state = summary?.StreamStatus ?? 'in no known state';
      // A stream that is being resharded takes records.
      if (state === 'ACTIVE' || state === 'UPDATING') return made;
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    // One that is being deleted has to be gone first.
    if (state === 'absent') made = (await create(call)) || made;
    if (clock() + pollMs > endMs) {
      throw new KinesisDeadlineError(
        `The stream "${streamName}" is ${state} and cannot be written after ${Math.round(deadlineMs / 1000)} s. Wait, or look at it in the console.`,
        deadlineMs,
      );
    }
    await sleep(pollMs, signal);
  }

  async function create(send: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>): Promise<boolean> {
    try {
      await send((abortSignal) =>
        client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shards }), { abortSignal }),
      );
      return true;
    } catch (error) {
      // Somebody else makes it.
      if (error instanceof KinesisRequestError && (error.cause as Error | undefined)?.name === 'ResourceInUseException')
        return false;
      throw error;
    }
  }
}
