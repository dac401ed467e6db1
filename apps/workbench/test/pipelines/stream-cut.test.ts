import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '@pulselake/data-model';
import { compactLake, Lake, type LakeFiles } from '@pulselake/lake';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replayAbandonedStreams } from '../../src/pipelines/replay-streams.js';
import { StreamSession } from '../../src/pipelines/stream-session.js';
import { event } from '../cli/support/records.js';
import { folderOfTest, SmallLake } from '../cli/support/small-lake.js';
import { DyingFiles } from '../support/dying-files.js';

const START_MS = Date.parse('2024-05-31T10:00:00Z');
const MINUTE_MS = 60_000;
/** Every tick cuts. */
const TINY = 1;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

interface StreamOptions {
  readonly segmentBytes?: number;
  readonly pendingResults?: number;
  readonly settings?: Partial<WindowSettings>;
  readonly files?: LakeFiles;
}

class Stream {
  nowMs = START_MS;
  session!: StreamSession;

  private constructor(
    readonly small: SmallLake,
    readonly lake: Lake,
  ) {}

  static async open(
    root: string,
    { segmentBytes = TINY, pendingResults, settings = {}, files }: StreamOptions = {},
  ): Promise<Stream> {
    const lake = await Lake.open(root, {
      command: 'test',
      clock: () => stream.nowMs,
      create: true,
      ...(files && { files }),
    });
    const stream: Stream = new Stream(new SmallLake(root), lake);
    stream.session = await StreamSession.open(lake, {
      settings: { ...DEFAULT_WINDOW_SETTINGS, ...settings },
      clock: () => stream.nowMs,
      segmentBytes,
      ...(pendingResults !== undefined && { pendingResults }),
    });
    return stream;
  }

  push(text: string): void {
    this.session.push(Buffer.from(text));
  }

  /** Lets the clock tick once, and waits for what it sets off. */
  async tick(): Promise<void> {
    vi.advanceTimersByTime(1000);
    await this.session.settled();
  }

  get directory(): string {
    return join(this.small.root, '_journal', this.session.runId);
  }

  async journalBytes(): Promise<number> {
    const names = await readdir(this.directory);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(this.directory, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Makes the journal one of a process that is gone. */
  async crash(): Promise<void> {
    vi.clearAllTimers();
    const { pid } = spawnSync('true');
    await writeFile(join(this.directory, 'owner.json'), JSON.stringify({ pid }));
  }

  async end() {
    const [run, ...others] = (await this.small.ledger()).filter(({ stage }) => stage === 'stream-windows');
    expect(others).toEqual([]);
    expect((await this.small.verify()).stdout).toContain('Proved');
    expect(await this.small.keys('_journal')).toEqual([]);
    const { status, open, counts, rejectedByReason, windowsCorrected } = run!;
    return { status, open, counts, rejectedByReason, windowsCorrected, state: await this.small.state() };
  }
}

type Action = { readonly afterMs: number } & ({ readonly text: string } | { readonly tick: true });

/** Events of a stream whose time moves on: punctual, late, far too late, repeated, torn; the bytes are cut anywhere. */
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ afterMs: fc.nat(6 * MINUTE_MS), tick: fc.constant(true as const) }),
  fc.record({
    afterMs: fc.nat(2 * MINUTE_MS),
    text: fc
      .array(
        fc.oneof(
          { weight: 6, arbitrary: fc.tuple(fc.constantFrom(0, 0, 0, 3, 8, 14, 30), fc.nat(3), fc.nat(9)) },
          { weight: 1, arbitrary: fc.constantFrom('torn', '{}') },
        ),
        { maxLength: 6 },
      )
      .map((lines) =>
        lines.map((line) => (typeof line === 'string' ? line : `AT-${line[0]} ${line[1]} ${line[2]}`)).join('\n'),
      ),
  }),
);

/** Writes the events of an action as they were at its instant; half of them have no line end. */
function textAt(text: string, nowMs: number): string {
  const lines = text.split('\n').map((line) => {
    const [minutes, component, id] = line.startsWith('AT-') ? line.slice(3).split(' ').map(Number) : [];
    if (minutes === undefined) return line;
    const at = new Date(nowMs - minutes * MINUTE_MS).toISOString();
    return event(at, id, { componentName: `c-${component}`, ...(id! < 4 && { eventId: `id-${id}` }) });
  });
  return lines.join('\n') + (text.length % 2 === 0 ? '\n' : '');
}

async function run(stream: Stream, actions: readonly Action[]): Promise<void> {
  for (const taken of actions) {
    stream.nowMs += taken.afterMs;
    if ('tick' in taken) await stream.tick();
    else stream.push(textAt(taken.text, stream.nowMs));
  }
}

describe('a stream whose journal is cut again and again', () => {
  test('and whose process dies at any moment ends as one that was left alone', async () => {
    const folder = await folderOfTest();
    let number = 0;
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 24, size: 'max' }), async (actions) => {
        const left = await Stream.open(join(folder, `left-${++number}`), { segmentBytes: Infinity });
        await run(left, actions);
        await left.session.close();
        const killed = await Stream.open(join(folder, `killed-${number}`));
        await run(killed, actions);
        if (!(await readdir(killed.directory)).includes('steps-00000001.log')) cuts++;
        await killed.crash();
        await replayAbandonedStreams(killed.lake);
        expect(await killed.end()).toEqual(await left.end());
      }),
      { numRuns: 8, endOnFailure: true },
    );
    expect(cuts).toBeGreaterThan(3);
  }, 120_000);

  test('goes on as one whose journal is not', async () => {
    const folder = await folderOfTest();
    const actions = fc.sample(fc.array(action, { minLength: 40, maxLength: 40 }), { seed: 7, numRuns: 1 })[0]!;
    const ends = [];
    for (const segmentBytes of [TINY, 2000, Infinity]) {
      const stream = await Stream.open(join(folder, String(segmentBytes)), { segmentBytes });
      await run(stream, actions);
      await stream.session.close();
      ends.push(await stream.end());
    }
    expect(ends[0]!.counts.accepted).toBeGreaterThan(8);
    expect(ends[0]).toEqual(ends[2]);
    expect(ends[1]).toEqual(ends[2]);
  });

  test('needs no more room on the disk however long it runs', async () => {
    const stream = await Stream.open(join(await folderOfTest(), 'lake'), { segmentBytes: 8 * 1024 });
    const largest: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      stream.nowMs = START_MS + minute * MINUTE_MS;
      // Other series every half an hour: those that are gone leave nothing behind.
      const lines = Array.from({ length: 20 }, (_, index) =>
        event(new Date(stream.nowMs).toISOString(), index, {
          componentName: `component-${Math.floor(minute / 30)}-${index}`,
          eventId: `${minute}-${index}`,
        }),
      );
      stream.push(`${lines.join('\n')}\n`);
      await stream.tick();
      const hour = Math.floor(minute / 60);
      largest[hour] = Math.max(largest[hour] ?? 0, await stream.journalBytes());
    }
    expect(largest[3]).toBeLessThan(largest[1]! * 1.1);
    // The state, the steps since the last cut, and those of one more tick.
    expect(largest[3]).toBeLessThan(100 * 1024);
    // 160 series have come; the indices of those that are gone were given to new ones, in memory too.
    const [segment] = (await readdir(stream.directory)).filter((name) => name.startsWith('steps-'));
    const text = await readFile(join(stream.directory, segment!), 'latin1');
    const indices = [...text.matchAll(/\[(\d+),\{"componentName"/g)].map(([, index]) => Number(index));
    expect(indices.length).toBeGreaterThan(10);
    expect(Math.max(...indices)).toBeLessThan(80);
    const { account } = stream.session;
    expect(account).toMatchObject({ read: 4800, accepted: 4800 });
    expect(account.open).toBeLessThan(200);
    await stream.crash();
    const [run] = await replayAbandonedStreams(stream.lake);
    expect(run!.counts).toMatchObject({ read: 4800, accepted: 4800 });
    expect((await stream.small.verify()).exitCode).toBe(0);
    expect(await stream.small.number('SELECT sum(sample_count) FROM windowed_metrics_current')).toBe(4800);
  }, 120_000);

  test('keeps what it had committed before the cut, and writes the rest anew, also after a compaction', async () => {
    const stream = await Stream.open(join(await folderOfTest(), 'lake'), { pendingResults: 1 });
    const at = (minute: number) => new Date(START_MS + minute * MINUTE_MS).toISOString();
    stream.nowMs = START_MS + 6 * MINUTE_MS;
    stream.push(`${event(at(0), 1)}\n${event(at(6), 2)}\ntorn\n`);
    await stream.tick();
    const [before] = await stream.small.ledger();
    expect(before!.outputs.length).toBe(2);
    // From here on nothing is cut: this commit is one that the replay makes again.
    vi.clearAllTimers();
    stream.nowMs = START_MS + 12 * MINUTE_MS;
    stream.push(`${event(at(12), 4)}\n${event(at(1), 8)}\n{}\n`);
    await stream.session.room();
    const [after] = await stream.small.ledger();
    expect(after!.outputs.length).toBe(4);
    expect((await compactLake(stream.lake)).length).toBe(1);
    await stream.crash();
    const [run] = await replayAbandonedStreams(stream.lake);
    expect(run!.counts).toMatchObject({ read: 6, accepted: 4, rejected: 2 });
    expect(run!.outputs.slice(0, 2)).toEqual(before!.outputs);
    // The files that the compaction merged stay listed: they account for no record any more.
    expect(run!.outputs.reduce((sum, { records = 0 }) => sum + records, 0)).toBe(7);
    const sums = await stream.small.rows('SELECT sum_value FROM windowed_metrics_current ORDER BY ALL');
    expect(sums.map((row) => Number(row['sum_value']))).toEqual([2, 4, 9]);
    expect((await stream.end()).rejectedByReason).toEqual({ malformed: 1, 'missing-field': 1 });
  });

  test('loses nothing when the file system fails at any call of a cut', async () => {
    for (let dieAfter = 1, isDone = false; !isDone; dieAfter++) {
      const dying = new DyingFiles();
      const stream = await Stream.open(join(await folderOfTest(), 'lake'), { files: dying.files });
      stream.push(`${event('10:00:00', 1)}\ntorn\n`);
      await stream.session.synced();
      dying.dieAt = dying.calls + dieAfter;
      await stream.tick();
      isDone = stream.session.failure === undefined;
      dying.dieAt = Infinity;
      if (!isDone) expect(() => stream.push('')).toThrow('no space left');
      await stream.session.abandon();
      vi.clearAllTimers();
      await replayAbandonedStreams(stream.lake);
      expect((await stream.end()).counts).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
      expect(dieAfter).toBeLessThan(20);
      if (isDone) expect(dieAfter).toBeGreaterThan(4);
    }
  });

  test('takes nothing after an append that failed: it would stand behind half a step', async () => {
    const dying = new DyingFiles();
    const stream = await Stream.open(join(await folderOfTest(), 'lake'), { files: dying.files });
    stream.push(`${event('10:00:00', 1)}\n`);
    dying.dieAt = dying.calls + 1;
    expect(() => stream.push(`${event('10:00:01', 2)}\n`)).toThrow('no space left');
    dying.dieAt = Infinity;
    expect(() => stream.push(`${event('10:00:02', 4)}\n`)).toThrow('no space left');
    await expect(stream.session.synced()).rejects.toThrow('no space left');
    await stream.session.abandon();
    await replayAbandonedStreams(stream.lake);
    expect((await stream.end()).counts).toMatchObject({ read: 1, accepted: 1 });
  });
});

test('a stream waits for its commit before more results than it may hold are pending', async () => {
  const root = join(await folderOfTest(), 'lake');
  const lake = await Lake.open(root, { command: 'test', clock: () => START_MS, create: true });
  const commits: number[] = [];
  const session = await StreamSession.open(lake, {
    settings: DEFAULT_WINDOW_SETTINGS,
    clock: () => START_MS,
    pendingResults: 10,
    onCommit: (run) => commits.push(run.counts.rejected),
  });
  for (let batch = 0; batch < 5; batch++) {
    session.push(Buffer.from('torn\n'.repeat(4)));
    await session.room();
  }
  expect(commits).toEqual([12]);
  await session.close();
  expect(commits).toEqual([12, 20]);
});
