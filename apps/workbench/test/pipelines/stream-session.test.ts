import { spawnSync } from 'node:child_process';
import { cp, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS, type PipelineRun, type WindowSettings } from '@pulselake/data-model';
import { Lake } from '@pulselake/lake';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replayAbandonedStreams } from '../../src/pipelines/replay-streams.js';
import { StreamSession } from '../../src/pipelines/stream-session.js';
import { event } from '../cli/support/records.js';
import { lakeOfTest, type SmallLake } from '../cli/support/small-lake.js';

const START_MS = Date.parse('2024-05-31T10:00:00Z');

// A session whose timers no longer run is what a crash leaves: nothing after the last journal entry happens.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

class Stream {
  nowMs = START_MS;
  #committed: PipelineRun[] = [];

  private constructor(
    readonly small: SmallLake,
    readonly lake: Lake,
  ) {}

  session!: StreamSession;

  static async open(changed: Partial<WindowSettings> = {}): Promise<Stream> {
    const small = await lakeOfTest();
    const lake = await Lake.open(small.root, { command: 'test', clock: () => stream.nowMs, create: true });
    const stream: Stream = new Stream(small, lake);
    stream.session = await StreamSession.open(lake, {
      settings: { ...DEFAULT_WINDOW_SETTINGS, ...changed },
      clock: () => stream.nowMs,
      onCommit: (run) => stream.#committed.push(run),
    });
    return stream;
  }

  /** Lines that arrive at an instant of the day. */
  pushAt(time: string, ...events: string[]): void {
    this.nowMs = Date.parse(`2024-05-31T${time}Z`);
    this.session.push(Buffer.from(events.map((line) => `${line}\n`).join('')));
  }

  /** Lets the clock stand at an instant of the day and waits for the commit that falls due. */
  async commitAt(time: string): Promise<PipelineRun> {
    this.nowMs = Date.parse(`2024-05-31T${time}Z`);
    const before = this.#committed.length;
    vi.advanceTimersByTime(1000);
    await vi.waitFor(() => expect(this.#committed.length).toBeGreaterThan(before), { timeout: 5000 });
    return this.#committed.at(-1)!;
  }

  get directory(): string {
    return join(this.small.root, '_journal', this.session.runId);
  }

  /** Makes the journal one of a process that is gone. */
  async crash(): Promise<void> {
    vi.clearAllTimers();
    const { pid } = spawnSync('true');
    await writeFile(join(this.directory, 'owner.json'), JSON.stringify({ pid }));
  }
}

const windowsOf = async (small: SmallLake) =>
  (
    await small.rows(
      `SELECT strftime(from_timestamp, '%H:%M') AS at, sum_value, sample_count FROM windowed_metrics_current ORDER BY ALL`,
    )
  ).map((row) => Object.values(row));

describe('a stream', () => {
  test('commits windows as they fall due, balances at every commit, and ends whole', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:06:00', event('10:00:00', 1), event('10:01:00', 2), event('10:06:00', 4));
    const first = await stream.commitAt('10:06:10');
    expect(first).toMatchObject({ status: 'running', open: 1, rowsWritten: 1, counts: { read: 3, accepted: 3 } });
    expect(await windowsOf(stream.small)).toEqual([['10:00', 3, 2]]);
    expect((await stream.small.verify()).exitCode).toBe(0);

    stream.pushAt('10:11:00', event('10:02:00', 8), 'torn', event('10:11:00', 16));
    const second = await stream.commitAt('10:11:10');
    expect(second).toMatchObject({ status: 'running', open: 1, windowsCorrected: 1, counts: { read: 6, accepted: 5 } });
    expect(await windowsOf(stream.small)).toEqual([
      ['10:00', 11, 3],
      ['10:05', 4, 1],
    ]);
    expect((await stream.small.verify()).exitCode).toBe(0);

    const last = await stream.session.close();
    expect(last).toMatchObject({ status: 'succeeded', open: 0, counts: { read: 6, accepted: 5, rejected: 1 } });
    expect((await windowsOf(stream.small)).length).toBe(3);
    expect(await stream.small.keys('_journal')).toEqual([]);
    expect((await stream.small.verify()).exitCode).toBe(0);
    expect((await stream.small.ledger()).length).toBe(1);
  });

  test('that falls silent closes its last window by the clock', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:00:02', event('10:00:00', 1));
    vi.advanceTimersByTime(1000);
    const run = await stream.commitAt('10:07:30');
    expect(run).toMatchObject({ open: 0, counts: { accepted: 1 } });
    expect(await windowsOf(stream.small)).toEqual([['10:00', 1, 1]]);
    await stream.session.close();
  });

  test('is not taken over while its process lives', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:00:02', event('10:00:00'));
    expect(await replayAbandonedStreams(stream.lake)).toEqual([]);
    await stream.session.close();
    expect(await windowsOf(stream.small)).toEqual([['10:00', 1, 1]]);
  });

  test('fails when it is closed twice', async () => {
    const stream = await Stream.open();
    await stream.session.close();
    await expect(stream.session.close()).rejects.toThrow('closed already');
  });
});

describe('a stream whose process died', () => {
  test('is replayed with its own settings', async () => {
    const stream = await Stream.open({ windowSizeSeconds: 60 });
    stream.pushAt('10:00:30', event('10:00:00', 1), event('10:01:00', 2));
    await stream.crash();
    await replayAbandonedStreams(stream.lake);
    expect(await windowsOf(stream.small)).toEqual([
      ['10:00', 1, 1],
      ['10:01', 2, 1],
    ]);
  });

  test('fails to be replayed when its journal is damaged from the start after a commit', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:06:00', event('10:00:00', 1), event('10:06:00', 4));
    await stream.commitAt('10:06:10');
    await stream.crash();
    await truncate(join(stream.directory, 'steps-00000001.log'), 10);
    await expect(replayAbandonedStreams(stream.lake)).rejects.toThrow(/damaged from its start/);
    expect(await windowsOf(stream.small)).toEqual([['10:00', 1, 1]]);
  });

  test('before its first commit is brought in whole, once', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:06:00', event('10:00:00', 1), 'torn', event('10:06:00', 4));
    await stream.crash();
    const [run, ...others] = await replayAbandonedStreams(stream.lake);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ runId: stream.session.runId, status: 'succeeded', counts: { read: 3, accepted: 2 } });
    expect(await windowsOf(stream.small)).toEqual([
      ['10:00', 1, 1],
      ['10:05', 4, 1],
    ]);
    expect(await replayAbandonedStreams(stream.lake)).toEqual([]);
    expect(await stream.small.keys('_journal')).toEqual([]);
    expect((await stream.small.verify()).exitCode).toBe(0);
  });

  test('after commits counts nothing twice, neither windows nor rejected records', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:20:00', event('10:00:00', 1), 'torn', event('10:20:00', 4), event('10:00:01', 1));
    await stream.commitAt('10:20:10');
    stream.pushAt('10:40:00', event('10:18:00', 8), event('10:40:00', 16), event('10:00:02', 2));
    const before = await stream.commitAt('10:40:10');
    expect(before).toMatchObject({ counts: { read: 7, accepted: 4, rejected: 3 } });
    stream.pushAt('10:40:20', event('10:38:00', 32));
    await stream.crash();

    await replayAbandonedStreams(stream.lake);
    expect(await windowsOf(stream.small)).toEqual([
      ['10:00', 1, 1],
      ['10:15', 8, 1],
      ['10:20', 4, 1],
      ['10:35', 32, 1],
      ['10:40', 16, 1],
    ]);
    const [run, ...others] = await stream.small.ledger();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'succeeded', counts: { read: 8, accepted: 5, rejected: 3 } });
    expect(run!.rejectedByReason).toEqual({ malformed: 1, late: 2 });
    const reasons = await stream.small.rows('SELECT reason, count(*) FROM rejected_records GROUP BY ALL ORDER BY ALL');
    expect(reasons.map((row) => Object.values(row))).toEqual([
      ['late', 2],
      ['malformed', 1],
    ]);
    expect((await stream.small.verify()).stdout).toContain('Proved');
  });

  test('is replayed to the same end when the replay dies between its commit and its end', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:20:00', event('10:00:00', 1), event('10:20:00', 4));
    await stream.commitAt('10:20:10');
    await stream.crash();
    const copy = join(stream.small.root, '..', 'journal');
    await cp(stream.directory, copy, { recursive: true });
    await replayAbandonedStreams(stream.lake);
    const state = await stream.small.state();
    await cp(copy, stream.directory, { recursive: true });
    expect(await replayAbandonedStreams(stream.lake)).toEqual([]);
    expect(await stream.small.state()).toEqual(state);
    expect(await stream.small.keys('_journal')).toEqual([]);
    expect((await stream.small.verify()).exitCode).toBe(0);
  });

  test('in the middle of a journal entry keeps every entry before it', async () => {
    const stream = await Stream.open();
    const ends: number[] = [];
    for (const at of ['10:00:00', '10:06:00', '10:12:00']) {
      stream.pushAt(at, event(at));
      ends.push((await readFile(join(stream.directory, 'steps-00000001.log'))).length);
    }
    await truncate(join(stream.directory, 'steps-00000001.log'), ends[2]! - 5);
    await stream.crash();
    const [run] = await replayAbandonedStreams(stream.lake);
    expect(run!.counts).toMatchObject({ read: 2, accepted: 2 });
    expect((await stream.small.verify()).exitCode).toBe(0);
  });

  test('is brought in by the next command that reads a stream', async () => {
    const stream = await Stream.open();
    stream.pushAt('10:00:02', event('10:00:00', 1));
    await stream.crash();
    const next = await stream.small.ingest(['events', '-'], { stdin: [`${event('10:00:01', 2)}\n`] });
    expect(next.document.counts.read).toBe(1);
    expect(await windowsOf(stream.small)).toEqual([['10:00', 3, 2]]);
    expect((await stream.small.ledger()).map((run) => run.status)).toEqual(['succeeded', 'succeeded']);
    expect((await stream.small.verify()).exitCode).toBe(0);
  });

  test('before anything arrived leaves an empty run', async () => {
    const stream = await Stream.open();
    await stream.crash();
    const [run] = await replayAbandonedStreams(stream.lake);
    expect(run).toMatchObject({ status: 'succeeded', counts: { read: 0 }, outputs: [] });
    expect((await stream.small.verify()).exitCode).toBe(0);
  });
});
