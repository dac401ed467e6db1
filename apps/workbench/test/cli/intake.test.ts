import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { PostOutcome } from '../../src/intake/post-events.js';
import { event } from './support/records.js';
import { NOW_MS } from './support/run-command.js';
import { lakeOfTest, type SmallLake } from './support/small-lake.js';
import { whileServing } from './support/while-serving.js';

const SERVE = ['serve', '--ingest-port', '0', '--no-watch'];
const at = (second: number) => new Date(NOW_MS + second * 1000).toISOString();

async function emptyLake(): Promise<SmallLake> {
  const lake = await lakeOfTest();
  await lake.ingest(['events', '-', '--mode', 'bounded']);
  return lake;
}

const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });
const answerOf = async (response: Response) => {
  expect(response.status).toBe(200);
  return (await response.json()) as PostOutcome;
};
const errorOf = async (response: Response) =>
  [response.status, ((await response.json()) as { error: string }).error] as const;

const streams = async (lake: SmallLake) =>
  (await lake.ledger()).filter(({ stage, inputs }) => stage === 'stream-windows' && inputs.length === 0);

describe('serve --ingest-port', () => {
  test('takes events, plain or gzip, with a reason for each rejected line, and has them in the lake at its end', async () => {
    const lake = await emptyLake();
    const { exitCode, stderr } = await whileServing(lake, SERVE, async (_, url) => {
      const body = `${event(at(0), 1, { eventId: 'a' })}\n\ntorn\r\n${event(at(1000))}\n${event(at(1), 2, { eventId: 'b' })}`;
      expect(await answerOf(await post(url, body))).toEqual({
        read: 4,
        accepted: 2,
        duplicate: 0,
        rejectedTotal: 2,
        rejected: [
          { line: 3, reason: 'malformed', message: 'The line is not a JSON object.' },
          { line: 4, reason: 'future', message: 'The event is too far ahead of the clock.' },
        ],
      });
      const again = gzipSync(`\ufeff${event(at(0), 1, { eventId: 'a' })}\n${event(at(2), 4)}`);
      expect(await answerOf(await post(url, new Uint8Array(again), { 'content-encoding': 'gzip' }))).toMatchObject({
        read: 2,
        accepted: 1,
        duplicate: 1,
        rejected: [],
      });
      expect(await answerOf(await post(url, ''))).toMatchObject({ read: 0, accepted: 0 });
      expect(await answerOf(await post(url, event(at(-3600))))).toMatchObject({
        rejected: [{ line: 1, reason: 'late' }],
      });
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('7 live events read, 3 of them counted in windows, 3 rejected. Done.');
    const [run, ...others] = await streams(lake);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { read: 7, accepted: 3, duplicate: 1, rejected: 3 },
      rejectedByReason: { malformed: 1, future: 1, late: 1 },
    });
    expect(await lake.number('SELECT sum(sum_value) FROM windowed_metrics_current')).toBe(7);
    expect(await lake.keys('_journal')).toEqual([]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('leaves no run when nothing was sent', async () => {
    const lake = await emptyLake();
    await whileServing(lake, SERVE, () => Promise.resolve());
    expect(await streams(lake)).toEqual([]);
  });

  test('lists a hundred rejected lines and counts them all, over many batches', async () => {
    const lake = await emptyLake();
    await whileServing(lake, SERVE, async (_, url) => {
      const lines = Array.from({ length: 9000 }, (_, index) => (index % 2 ? event(at(0)) : 'torn'));
      const answer = await answerOf(await post(url, lines.join('\n')));
      expect(answer).toMatchObject({ read: 9000, accepted: 4500, rejectedTotal: 4500 });
      expect(answer.rejected.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, index) => index * 2 + 1));
      const oversized = 'x'.repeat(1_200_000);
      const many = await answerOf(await post(url, `${'\n'.repeat(300_000)}${oversized}\ntorn`));
      expect(many.rejected.map(({ line, reason }) => [line, reason])).toEqual([
        [300_001, 'too-long'],
        [300_002, 'malformed'],
      ]);
    });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('keeps the lines of requests that come at the same time apart', async () => {
    const lake = await emptyLake();
    await whileServing(lake, SERVE, async (_, url) => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, client) =>
          answerOf(await post(url, Array.from({ length: 30 }, (_, n) => event(at(0), client * 30 + n)).join('\n'))),
        ),
      );
      for (const answer of answers) expect(answer).toMatchObject({ read: 30, accepted: 30 });
    });
    expect(await lake.number('SELECT sum(sum_value) FROM windowed_metrics_current')).toBe((1200 * 1199) / 2);
  });

  test('takes nothing of a request that is refused, and says why', async () => {
    const lake = await emptyLake();
    await whileServing(lake, SERVE, async (dashboard, url) => {
      const gzip = { 'content-encoding': 'gzip' };
      const whole = gzipSync(event(at(0)));
      const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, '\n'));
      expect(bomb.length).toBeLessThan(100_000);
      for (const [response, status, text] of [
        [post(url, 'x'.repeat(17 * 1024 * 1024)), 413, 'more than 16777216 bytes'],
        [post(url, new Uint8Array(bomb), gzip), 413, 'send the events in several requests'],
        [post(url, new Uint8Array(whole.subarray(0, -5)), gzip), 400, 'no whole gzip data'],
        [post(url, new Uint8Array(Buffer.concat([whole, Buffer.alloc(3)])), gzip), 400, 'behind the end of the gzip'],
        [post(url, event(at(0)), gzip), 400, 'no whole gzip data'],
        [post(url, event(at(0)), { 'content-encoding': 'br' }), 415, 'The content-encoding is "br"'],
        [post(url, event(at(0)), { origin: 'http://example.org' }), 403, 'The origin http://example.org is refused'],
        [post(`${url}/more`, event(at(0))), 404, 'send events to /events'],
        [fetch(url), 405, 'GET is not offered here; use POST.'],
        [fetch(url, { method: 'PUT', body: event(at(0)) }), 405, 'use POST'],
        [post(`${dashboard}/events`, event(at(0))), 405, 'POST is not offered here'],
      ] as const) {
        const [found, message] = await errorOf(await response);
        expect([found, message]).toEqual([status, expect.stringContaining(text)]);
      }
      expect(await foreignHost(url)).toBe(403);
      await cutOff(url);
    });
    expect(await streams(lake)).toEqual([]);
  });

  test('answers 503 and when to come back to who sends more than it holds', async () => {
    const lake = await emptyLake();
    await whileServing(lake, SERVE, async (_, url) => {
      const { port } = new URL(url);
      const half = Buffer.alloc(15 * 1024 * 1024, ' ');
      const headers = { 'content-length': half.length + 9 };
      const refused: unknown[] = [];
      const slow = Array.from({ length: 5 }, () => {
        const sent = request({ port, host: '127.0.0.1', path: '/events', method: 'POST', headers });
        sent.on('error', () => undefined);
        sent.on('response', (response) => refused.push([response.statusCode, response.headers['retry-after']]));
        sent.write(half);
        return sent;
      });
      await expect.poll(() => refused, { timeout: 10_000 }).toEqual([[503, '1']]);
      for (const sent of slow) sent.destroy();
      const large = 'x'.repeat(15 * 1024 * 1024);
      await expect.poll(async () => (await post(url, large)).status, { timeout: 10_000 }).toBe(200);
    });
    expect((await lake.verify()).exitCode).toBe(0);
  }, 30_000);

  test('fails when the port is taken', async () => {
    const lake = await emptyLake();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, stderr } = await lake.run(['serve', '--port', '0', '--ingest-port', String(port)]);
    server.close();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);
  });
});

test('start --ingest-port takes events into the stream that flows', async () => {
  const lake = await emptyLake();
  await whileServing(lake, ['start', '--ingest-port', '0'], async (_, url) => {
    expect(await answerOf(await post(url, event(at(0), 1, { componentName: 'mine' })))).toMatchObject({ accepted: 1 });
  });
  expect(await lake.number(`SELECT count(*) FROM windowed_metrics_current WHERE component_name = 'mine'`)).toBe(1);
  expect((await streams(lake)).length).toBe(1);
  expect((await lake.verify()).exitCode).toBe(0);
});

async function foreignHost(url: string): Promise<number> {
  const { port } = new URL(url);
  const sent = request({ port, host: '127.0.0.1', path: '/events', method: 'POST', headers: { host: 'example.org' } });
  sent.end(event(at(0)));
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}

/** Sends less than was announced, and hangs up. */
async function cutOff(url: string): Promise<void> {
  const { port } = new URL(url);
  const sent = request({
    port,
    host: '127.0.0.1',
    path: '/events',
    method: 'POST',
    headers: { 'content-length': 5000 },
  });
  sent.on('error', () => undefined);
  sent.write(`${event(at(0))}\n`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  sent.destroy();
  await new Promise((resolve) => setTimeout(resolve, 200));
}
