import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, NOW_MS } from './support/run-command.js';
import { lakeOfTest, makeFolder, SmallLake } from './support/small-lake.js';
import { whileServing } from './support/while-serving.js';

let folder: string;
let lake: SmallLake;
let first: CommandResult;

beforeAll(async () => {
  folder = await makeFolder();
  lake = new SmallLake(join(folder, 'lake'));
  first = await lake.run(['start', '--once']);
});
afterAll(() => rm(folder, { recursive: true }));

describe('start', () => {
  test('--once fills an empty lake with a demo fleet and proves it', async () => {
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('Proved: every record is accounted for.');
    for (const kind of ['metrics', 'events', 'access logs'])
      expect(first.stderr).toMatch(new RegExp(`${kind}: \\d+ files`));
    const verify = await lake.verify(['--expected', join(lake.root, 'demo')]);
    expect(verify.stdout).toContain(': 0 differences.');
    expect(verify.exitCode).toBe(0);
  });

  test('--once a second time adds nothing', async () => {
    const before = (await lake.ledger()).map(({ runId }) => runId);
    const second = await lake.run(['start', '--once', '--json'], { clock: () => NOW_MS + 3_600_000 });
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ ingested: 0, failed: 0, problems: 0, runs: before.length });
    expect((await lake.ledger()).map(({ runId }) => runId)).toEqual(before);
  });

  test('keeps a stream flowing, answers at its address, and ends with all of it in the lake', async () => {
    let url = '';
    const { exitCode, stderr } = await whileServing(lake, ['start'], async (address) => {
      url = address;
      const page = await fetch(url);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect((await fetch(`${url}/api/dashboards`)).status).toBe(200);
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Done.');
    await expect(fetch(url)).rejects.toThrow();
    expect(await lake.keys('_journal')).toEqual([]);
    expect((await lake.ledger()).at(-1)).toMatchObject({ stage: 'stream-windows', status: 'succeeded', inputs: [] });
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

describe('serve', () => {
  test('answers at its address until it is ended', async () => {
    let url = '';
    const { exitCode, stdout } = await whileServing(lake, ['serve', '--json'], async (address) => {
      url = address;
      expect((await fetch(url)).status).toBe(200);
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ url });
    await expect(fetch(url)).rejects.toThrow();
  });

  test.each(['serve', 'start'])('fails for %s when the port is taken, and leaves no stream behind', async (command) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, stdout, stderr } = await lake.run([command, '--port', String(port)]);
    server.close();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`Port ${port} is taken by another program.`);
    expect(await lake.keys('_journal')).toEqual([]);
  });

  test('without --port takes another one when its own is taken', async () => {
    const urls: string[] = [];
    const stop = new AbortController();
    const onOutput = (text: string) => urls.push(/http:\/\/[\w.:]+/.exec(text)![0]);
    const running = [];
    for (let server = 1; server <= 2; server++) {
      running.push(lake.run(['serve'], { signal: stop.signal, onOutput }));
      await expect.poll(() => urls.length, { timeout: 10_000 }).toBe(server);
    }
    expect(urls[0]).not.toBe(urls[1]);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
    stop.abort();
    expect((await Promise.all(running)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });
});

test('start on a lake with data of its own makes no demo', async () => {
  const own = await lakeOfTest();
  await own.ingest(['events', '-', '--mode', 'bounded'], { stdin: ['torn\n'] });
  const { exitCode, stdout } = await own.run(['start', '--once', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ingested: 0, runs: 1, recordsRead: 1, rejected: 1 });
  expect(await own.keys('demo')).toEqual([]);
});
