import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type JobIo, runInProcess } from '../src/index.js';

/** As much of a process as a command touches. */
class FakeProcess extends EventEmitter {
  readonly argv = ['node', 'pulselake-etl', 'status', '--json'];
  readonly env: Record<string, string> = {};
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  exit(code: number): void {
    this.emit('ended', code);
  }
}

function start(run: (args: readonly string[], io: JobIo) => Promise<number>) {
  const process = new FakeProcess();
  const ended = once(process, 'ended').then(([code]) => code as number);
  const running = runInProcess({
    process: process as unknown as NodeJS.Process,
    clock: () => 7,
    random: () => 0,
    home: '/home',
    run,
  });
  return { process, ended, running };
}

describe('a command as a process', () => {
  it('gets the arguments, and ends with its exit code', async () => {
    const seen: unknown[] = [];
    const { ended } = start((args, { home, clock }) => {
      seen.push(args, home, clock());
      return Promise.resolve(3);
    });
    expect(await ended).toBe(3);
    expect(seen).toEqual([['status', '--json'], '/home', 7]);
  });

  it('is asked to stop, then to leave, then ended', async () => {
    const { process, ended } = start(
      (_args, { signal, leave }) =>
        new Promise(() => {
          const say = (line: string) => () => void process.emit(line);
          signal.addEventListener('abort', say('stop'));
          leave.addEventListener('abort', say('leave'));
        }),
    );
    const stopped = once(process, 'stop');
    process.emit('SIGINT');
    await stopped;
    const left = once(process, 'leave');
    process.emit('SIGTERM');
    await left;
    process.emit('SIGINT');
    expect(await ended).toBe(130);
  });

  it('names each start otherwise', async () => {
    const tokens: string[] = [];
    const { ended } = start((_args, { newToken }) => {
      tokens.push(newToken(), newToken());
      return Promise.resolve(0);
    });
    await ended;
    expect(new Set(tokens).size).toBe(2);
    // What EMR Serverless takes.
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
  });

  it('ends when nobody reads its output any more', async () => {
    const { process, ended } = start(() => new Promise(() => undefined));
    process.stdout.emit('error', new Error('EPIPE'));
    expect(await ended).toBe(1);
  });

  it('waits on a timer, and not after a Ctrl-C', async () => {
    const { process, ended } = start(async (_args, { sleep, signal }) => {
      await sleep(1);
      process.emit('SIGINT');
      return sleep(60_000, signal).then(
        () => 1,
        () => 0,
      );
    });
    expect(await ended).toBe(0);
  });
});
