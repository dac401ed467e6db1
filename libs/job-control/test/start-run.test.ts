import { describe, expect, it } from 'vitest';
import { FakeIo } from '../src/fakes/index.js';
import { type BatchJob, startRun } from '../src/index.js';

/** A job whose start is answered by an abort only. */
function silentJob(onStart: () => void): BatchJob {
  return {
    service: 'Glue',
    name: 'etl',
    start: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        onStart();
      }),
    look: () => Promise.reject(new Error('there is no run')),
    cancel: () => Promise.reject(new Error('there is no run')),
    logAdvice: () => [],
  };
}

const message = (work: Promise<unknown>) =>
  work.then(
    () => 'started',
    (error: unknown) => (error as Error).message,
  );

describe('a start that is not answered', () => {
  it('is given ten more seconds after a Ctrl-C, and is then left open', async () => {
    const io = new FakeIo();
    const lines: string[] = [];
    const job = silentJob(() => io.interrupt());
    const options = { io, timeoutMs: 60_000, clientToken: 't-1', report: (line: string) => void lines.push(line) };
    expect(await message(startRun(job, options))).toBe(
      'Stopped while etl was being started: whether it was is not known. The same command with --client-token t-1 finds the run, or starts it.',
    );
    expect(io.pauses).toEqual([10_000]);
    expect(lines).toEqual(['waiting for the answer to the start, to cancel the run']);
  });

  it('is left at once after the second Ctrl-C', async () => {
    const io = new FakeIo({ onPause: () => io.interrupt() });
    const options = { io, timeoutMs: 60_000, clientToken: 't-1', report: () => undefined };
    expect(
      await message(
        startRun(
          silentJob(() => io.interrupt()),
          options,
        ),
      ),
    ).toContain('whether it was is not known');
    expect(io.pauses).toEqual([]);
  });
});
