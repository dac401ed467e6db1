import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { event, GOOD } from './support/records.js';
import { runProgram } from './support/run-program.js';
import { lakeOfTest, type SmallLake } from './support/small-lake.js';

const lines = (...events: string[]) => events.map((text) => `${text}\n`);

const windowsOf = async (lake: SmallLake) =>
  (
    await lake.rows(
      `SELECT strftime(from_timestamp, '%H:%M') AS at, min_value, max_value, sum_value, sample_count
      FROM windowed_metrics_current ORDER BY ALL`,
    )
  ).map((window) => Object.values(window));

describe('events on standard input', () => {
  test('fill windows that the end of the input closes', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(event('10:00:00', 1), event('10:04:59.999', 4), event('10:05:00', 2));
    const { exitCode, document } = await lake.ingest(['events', '-'], { stdin });
    expect(exitCode).toBe(0);
    expect(document.inputs).toMatchObject([{ path: 'standard input', status: 'ingested' }]);
    expect(document.counts).toMatchObject({ read: 3, accepted: 3, rejected: 0 });
    expect(await windowsOf(lake)).toEqual([
      ['10:00', 1, 4, 5, 2],
      ['10:05', 2, 2, 2, 1],
    ]);
    expect(await lake.ledger()).toMatchObject([{ status: 'succeeded', inputs: [], open: 0 }]);
    expect(await lake.keys('_journal')).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('which come within the allowed lateness correct their window, later ones are rejected as late', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(
      event('10:00:00', 1),
      // The watermark is 10:05:29.999 now: the first window is written.
      event('10:06:00', 2),
      event('10:01:00', 5),
      // The watermark is 10:14:59.998: one millisecond before the first window is let go.
      event('10:15:29.999', 3),
      event('10:02:00', 7),
      event('10:15:30', 4),
      event('10:03:00', 9),
    );
    const { exitCode, document } = await lake.ingest(['events', '-', '--strict'], { stdin });
    expect(exitCode).toBe(3);
    expect(document.counts).toMatchObject({ read: 7, accepted: 6, rejected: 1 });
    expect(document.rejectedByReason).toEqual({ late: 1 });
    expect(await windowsOf(lake)).toEqual([
      ['10:00', 1, 7, 13, 3],
      ['10:05', 2, 2, 2, 1],
      ['10:15', 3, 4, 7, 2],
    ]);
    expect(await lake.ledger()).toMatchObject([{ windowsCorrected: 2, rejectedByReason: { late: 1 } }]);
    const [kept] = await lake.rows('SELECT reason, raw FROM rejected_records');
    expect(kept!['reason']).toBe('late');
    expect(JSON.parse(kept!['raw'] as string)).toMatchObject({
      publicationTimestamp: '2024-05-31T10:03:00.000Z',
      value: 9,
    });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('are judged by the settings', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(event('10:00:00', 1), event('10:02:00', 2), event('10:00:01', 3));
    const settings = [
      '--window-size-seconds',
      '60',
      '--out-of-orderness-seconds',
      '0',
      '--allowed-lateness-seconds',
      '0',
    ];
    const { document } = await lake.ingest(['events', '-', ...settings], { stdin });
    expect(document.rejectedByReason).toEqual({ late: 1 });
    expect((await windowsOf(lake)).map(([at]) => at)).toEqual(['10:00', '10:02']);
  });

  test('from a clock that runs ahead are rejected as future and make no other event late', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(event('10:00:00'), event('2024-06-01T12:05:00.001Z'), event('10:00:01'));
    const { document } = await lake.ingest(['events', '-'], { stdin });
    expect(document.rejectedByReason).toEqual({ future: 1 });
    expect(document.counts.accepted).toBe(2);
  });

  test('with an id count once', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(
      event('10:00:00', 1, { eventId: 'a' }),
      event('10:00:00', 1, { eventId: 'a' }),
      event('10:00:00'),
    );
    const { document } = await lake.ingest(['events', '-'], { stdin });
    expect(document.counts).toMatchObject({ read: 3, accepted: 2, duplicate: 1 });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('that are malformed are kept and stop nothing', async () => {
    const lake = await lakeOfTest();
    const stdin = ['{\n', '\n', Buffer.from([0xff, 10]), ...lines(event('10:00:00')), '{"value":NaN}'];
    const { document } = await lake.ingest(['events', '-'], { stdin });
    expect(document.rejectedByReason).toEqual({ malformed: 2, 'bad-encoding': 1 });
    expect(document.counts).toMatchObject({ read: 4, accepted: 1 });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('arrive right however they are cut', async () => {
    const bytes = Buffer.from(
      lines(event('10:00:00', 1, { componentName: 'käse' }), 'torn', event('10:06:00', 2)).join(''),
    );
    const states = [];
    for (const size of [1, 2, 7, 64, bytes.length]) {
      const lake = await lakeOfTest();
      const stdin = Array.from({ length: Math.ceil(bytes.length / size) }, (_, chunk) =>
        bytes.subarray(chunk * size, (chunk + 1) * size),
      );
      expect((await lake.ingest(['events', '-'], { stdin })).exitCode).toBe(0);
      states.push(await lake.state());
    }
    expect(states[0]![0]!.length).toBe(2);
    for (const state of states) expect(state).toEqual(states[0]);
  });

  test('that never come make an empty run', async () => {
    const lake = await lakeOfTest();
    const { exitCode, stderr } = await lake.run(['ingest', 'events', '-']);
    expect(exitCode).toBe(0);
    expect(stderr + (await lake.run(['runs'])).stdout).toMatch(/stream-windows/);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('piped twice are two streams: without ids their delivery is at least once', async () => {
    const lake = await lakeOfTest();
    for (let times = 0; times < 2; times++) await lake.ingest(['events', '-'], { stdin: [GOOD.events] });
    expect((await windowsOf(lake)).map(([at, , , , samples]) => [at, samples])).toEqual([
      ['10:00', 2],
      ['10:05', 2],
    ]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

describe('a stream that the user ends', () => {
  test('while nothing arrives keeps what it read and ends well', async () => {
    const lake = await lakeOfTest();
    const stop = new AbortController();
    const stdin = new PassThrough();
    stdin.write(`${event('10:00:00')}\n`);
    setTimeout(() => stop.abort(), 200);
    const { exitCode, document } = await lake.ingest(['events', '-'], { stdin, signal: stop.signal });
    expect(exitCode).toBe(0);
    expect(document.counts).toMatchObject({ read: 1, accepted: 1 });
    expect((await windowsOf(lake)).length).toBe(1);
    expect(await lake.keys('_journal')).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('in bounded mode takes nothing', async () => {
    const lake = await lakeOfTest();
    const stop = new AbortController();
    const stdin = new PassThrough();
    stdin.write(`${event('10:00:00')}\n`);
    setTimeout(() => stop.abort(), 200);
    const { exitCode, stderr } = await lake.run(['ingest', 'events', '-', '--mode', 'bounded'], {
      stdin,
      signal: stop.signal,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Stopped.');
    expect(await lake.ledger()).toEqual([]);
  });
});

describe('events on standard input in bounded mode', () => {
  test('are never late, and known when they come again', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(event('10:00:00', 1), event('23:00:00', 2), event('10:00:01', 3));
    const first = await lake.ingest(['events', '-', '--mode', 'bounded'], { stdin });
    expect(first.document.counts).toMatchObject({ read: 3, accepted: 3 });
    expect((await windowsOf(lake)).map(([at, , , , samples]) => [at, samples])).toEqual([
      ['10:00', 2],
      ['23:00', 1],
    ]);
    const again = await lake.ingest(['events', '-', '--mode', 'bounded'], { stdin });
    expect(again.document.inputs).toMatchObject([{ path: 'standard input', status: 'unchanged' }]);
  });

  test('that begin like those of an earlier pipe are others, not the same ones grown', async () => {
    const lake = await lakeOfTest();
    const piped = [lines(event('10:00:00', 1)), lines(event('10:00:00', 1), event('10:00:01', 2))];
    for (const stdin of piped) await lake.ingest(['events', '-', '--mode', 'bounded'], { stdin });
    expect((await windowsOf(lake)).map(([at, , , sum, samples]) => [at, sum, samples])).toEqual([['10:00', 4, 3]]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

describe('a clock that jumps backwards', () => {
  /** Gives the times one after the other, and then the last one for ever. */
  const clockOf = (...times: string[]) => {
    let at = 0;
    return () => Date.parse(`2024-05-31T${times[Math.min(at++, times.length - 1)]!}Z`);
  };

  test('while a stream runs loses nothing and counts nothing twice', async () => {
    const lake = await lakeOfTest();
    const stdin = lines(event('10:00:00', 1), event('10:06:00', 2), event('10:01:00', 5), event('10:30:00', 7));
    const clock = clockOf('10:30:00', '10:30:01', '09:00:00', '10:30:02', '08:00:00', '10:30:03');
    const { exitCode, document } = await lake.ingest(['events', '-'], { stdin, clock });
    expect(exitCode).toBe(0);
    const { read, accepted, rejected } = document.counts;
    expect([read, accepted + rejected]).toEqual([4, 4]);
    // An event is too far ahead of a clock that stands an hour back: kept, and said so.
    expect(Object.keys(document.rejectedByReason).filter((reason) => reason !== 'future')).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('between two commands keeps their order', async () => {
    const lake = await lakeOfTest();
    const runs = [];
    for (const [index, time] of ['12:00:00', '11:00:00', '10:00:00'].entries()) {
      const stdin = lines(event(`09:0${index}:00`, index));
      const { exitCode } = await lake.ingest(['events', '-', '--mode', 'bounded'], { stdin, clock: clockOf(time) });
      expect(exitCode).toBe(0);
      runs.push((await lake.ledger()).length);
    }
    expect(runs).toEqual([1, 2, 3]);
    expect((await lake.ledger()).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await lake.number('SELECT sum(sample_count) FROM windowed_metrics_current')).toBe(3);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

describe('a pipe whose writer ends early', () => {
  test.each([
    ['before it wrote anything', 'true | "$@"', 0],
    ['in the middle of a line', `printf '%s\\n%s' '${event('10:00:00')}' '{"componentName"' | "$@"`, 2],
    ['by a signal', `{ printf '%s\\n' '${event('10:00:00')}'; exec sh -c 'kill -9 $$'; } | "$@"`, 1],
    ['as it was never open', '"$@" <&-', 0],
  ])('%s is a stream that ends there', async (_name, shell, read) => {
    const lake = await lakeOfTest();
    const { stdout, stderr } = await runProgram(['--lake', lake.root, 'ingest', 'events', '-', '--json'], { shell });
    expect(stderr).not.toMatch(/^\s+at |bug in pulselake/m);
    expect((JSON.parse(stdout) as { counts: unknown }).counts).toMatchObject({ read });
    expect((await lake.verify()).exitCode).toBe(0);
    expect(await lake.keys('_journal')).toEqual([]);
  });

  test('fails for a pipe that is named like a file, and says how to read it', async () => {
    const lake = await lakeOfTest();
    const { exitCode, stderr } = await runProgram(['--lake', lake.root, 'ingest', 'events', '/dev/stdin']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/dev/stdin is not a regular file. What is piped is read by: ingest events -');
  });
});
