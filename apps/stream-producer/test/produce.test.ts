import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { aKinesis, eventLine, run, stored } from './support/run-command.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'produce-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `${eventLine(from + at)}\n`).join('');
const to = (endpoint: string, stream = 'metrics') => [
  ...['--stream', stream, '--endpoint', endpoint, '--region', 'us-east-1'],
  ...['--create', '--shards', '2', '--json'],
];

it('sends files, plain and gzip, by patterns; the account adds up, and rejects are written with their reasons', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'a.ndjson'), `${lines(700)}no json\n\n${eventLine(1, { value: 'x' })}\n`);
  await writeFile(join(dir, 'b.ndjson.gz'), gzipSync(lines(300, 700)));
  const rejected = join(dir, 'rejected.jsonl');
  const endpoint = await aKinesis();
  const { code, account } = await run([join(dir, '*.ndjson*'), '--rejected', rejected, ...to(endpoint)]);
  expect(account()).toMatchObject({
    read: 1_002,
    sent: 1_000,
    rejected: 2,
    rejectedByReason: { malformed: 1, 'wrong-type': 1 },
    failed: 0,
    idsAdded: 1_000,
    complete: true,
  });
  expect(code).toBe(0);
  const records = await stored(endpoint, 'metrics');
  expect(records.map(({ event }) => event.value).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1_000 }, (_, at) => at),
  );
  for (const { key, event } of records) expect(key).toBe(`${event.componentName}_${event.metricName}`);
  const perKey = records.filter(({ key }) => key === 'service-3_cpu-usage').map(({ event }) => event.value);
  expect(perKey).toEqual([...perKey].sort((a, b) => a - b));
  const written = (await readFile(rejected, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(written).toEqual([
    {
      reason: 'malformed',
      message: expect.any(String) as string,
      source: join(dir, 'a.ndjson'),
      line: 701,
      raw: 'no json',
    },
    expect.objectContaining({ reason: 'wrong-type', line: 703 }) as object,
  ]);
});

it('gives the same file the same ids, gzip or not, and each line its own', async () => {
  const dir = await folder();
  const endpoint = await aKinesis();
  await writeFile(join(dir, 'a.ndjson'), lines(50));
  await writeFile(join(dir, 'a.ndjson.gz'), gzipSync(lines(50)));
  await run([join(dir, 'a.ndjson'), ...to(endpoint)]);
  await run([join(dir, 'a.ndjson.gz'), ...to(endpoint)]);
  const ids = (await stored(endpoint, 'metrics')).map(({ event }) => event.eventId);
  expect(ids).toHaveLength(100);
  expect(new Set(ids).size).toBe(50);
});

it('sends standard input, with ids by chance', async () => {
  const endpoint = await aKinesis();
  for (let time = 0; time < 2; time++) {
    const { code, account } = await run(['-', ...to(endpoint)], { stdin: Readable.from([Buffer.from(lines(20))]) });
    expect([code, account().sent]).toEqual([0, 20]);
  }
  expect(new Set((await stored(endpoint, 'metrics')).map(({ event }) => event.eventId)).size).toBe(40);
});

it('ends standard input at a stop signal, settles what was read, and that is its good end', async () => {
  const endpoint = await aKinesis();
  const stop = new AbortController();
  const stdin = new PassThrough();
  stdin.write(lines(30));
  const running = run(['-', ...to(endpoint)], { stdin, signal: stop.signal });
  setTimeout(() => stop.abort(), 1_500);
  const { code, account } = await running;
  expect(account()).toMatchObject({ read: 30, sent: 30, complete: false, stopped: 'signal' });
  expect(code).toBe(0);
  expect(await stored(endpoint, 'metrics')).toHaveLength(30);
});

it('stops a file before its end with 1, and what was read is settled', async () => {
  const dir = await folder();
  const endpoint = await aKinesis();
  await writeFile(join(dir, 'a.ndjson'), lines(5_000));
  const stop = new AbortController();
  const running = run([join(dir, 'a.ndjson'), '--rate', '500', ...to(endpoint)], { signal: stop.signal });
  setTimeout(() => stop.abort(), 800);
  const { code, account } = await running;
  expect(code).toBe(1);
  expect(account().read).toBeGreaterThan(50);
  expect(account().read).toBeLessThan(1_000);
  expect(account().sent).toBe(account().read);
  expect(await stored(endpoint, 'metrics')).toHaveLength(account().sent);
});

it('keeps to a rate, and to a limit', async () => {
  const dir = await folder();
  const endpoint = await aKinesis();
  await writeFile(join(dir, 'a.ndjson'), lines(5_000));
  const { account } = await run([join(dir, 'a.ndjson'), '--rate', '200', '--limit', '100', ...to(endpoint)]);
  expect(account()).toMatchObject({ read: 100, sent: 100, complete: false, stopped: 'limit' });
  expect(account().seconds).toBeGreaterThan(0.45);
  expect(account().seconds).toBeLessThan(3);
});

it('sends as far apart as the timestamps say', async () => {
  const dir = await folder();
  const endpoint = await aKinesis();
  const at = (ms: number) => eventLine(1, { publicationTimestamp: new Date(1_700_000_000_000 + ms).toISOString() });
  await writeFile(join(dir, 'a.ndjson'), `${at(0)}\n${at(300)}\n${at(250)}\n${at(700)}\n`);
  const { account } = await run([join(dir, 'a.ndjson'), '--realtime', ...to(endpoint)]);
  expect(account()).toMatchObject({ sent: 4 });
  expect(account().seconds).toBeGreaterThan(0.69);
});

it('sends a task of the training to the stream that it names', async () => {
  const endpoint = await aKinesis();
  const task = JSON.parse(
    await readFile(
      new URL('../../../libs/generators/test/samples/kinesis-metrics-stream-task.json', import.meta.url),
      'utf8',
    ),
  ) as { stream: { endpoint: string } };
  task.stream.endpoint = endpoint;
  const path = join(await folder(), 'task.json');
  await writeFile(path, JSON.stringify(task));
  const { code, account } = await run(['--task', path, '--as-fast', '--create', '--json']);
  expect([code, account().stream, account().sent]).toEqual([0, 'multi', 100]);
  const records = await stored(endpoint, 'multi');
  expect(new Set(records.map(({ key }) => key))).toEqual(
    new Set(['user-service_cpu-usage', 'user-service_ram-usage', 'order-service_cpu-usage', 'order-service_ram-usage']),
  );
});

it('sends a preset, the same for a seed, and live events until the limit', async () => {
  const endpoint = await aKinesis();
  const preset = ['--preset', 'faulty', '--seed', '3', '--now', '2024-03-03T15:00:00Z', '--limit', '2000'];
  const first = await run([...preset, ...to(endpoint, 'first')]);
  const second = await run([...preset, ...to(endpoint, 'second')]);
  expect(first.code).toBe(0);
  expect(first.account().rejected).toBeGreaterThan(0);
  expect(first.account().read).toBe(2_000 + first.account().rejected);
  const byKey = (records: readonly { readonly key: string }[]) =>
    records.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  expect(byKey(await stored(endpoint, 'second'))).toEqual(byKey(await stored(endpoint, 'first')));
  expect(second.account().rejectedByReason).toEqual(first.account().rejectedByReason);
  const live = await run(['--preset', 'live', '--limit', '5', ...to(endpoint, 'live')]);
  expect([live.code, live.account().sent]).toEqual([0, 5]);
});

it('ends with 3 for rejects only when that is asked for', async () => {
  const endpoint = await aKinesis();
  const stdin = () => Readable.from([Buffer.from(`${lines(2)}oops\n`)]);
  expect((await run(['-', ...to(endpoint)], { stdin: stdin() })).code).toBe(0);
  expect((await run(['-', '--strict', ...to(endpoint)], { stdin: stdin() })).code).toBe(3);
});

it('prints an account for people', async () => {
  const endpoint = await aKinesis();
  const args = to(endpoint).filter((arg) => arg !== '--json');
  const { out, err } = await run(['-', ...args], { stdin: Readable.from([Buffer.from(`${lines(2)}oops\n`)]) });
  expect(out).toMatch(/^metrics: read 3 = sent 2 \+ rejected 1 \+ failed 0\nrejected: malformed 1\n/);
  expect(err).toBe('');
});

it('fails when there is no such stream, stops reading, and says what to do', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'a.ndjson'), lines(200_000));
  const endpoint = await aKinesis();
  const { code, account } = await run([
    ...[join(dir, 'a.ndjson'), '--stream', 'nowhere', '--endpoint', endpoint, '--region', 'us-east-1', '--json'],
  ]);
  expect(code).toBe(1);
  const { read, failed, stopped, failures } = account();
  expect(stopped).toBe('failure');
  expect(failed).toBe(read);
  expect(read).toBeLessThan(100_000);
  expect(failures['stream-missing']).toMatch(/There is no stream "nowhere"/);
});

it('fails when nothing answers within the deadline', async () => {
  const { code, account } = await run(
    ['-', '--stream', 's', '--endpoint', 'http://127.0.0.1:1', '--region', 'us-east-1', '--deadline', '0.5', '--json'],
    { stdin: Readable.from([Buffer.from(lines(3))]) },
  );
  expect(code).toBe(1);
  expect(account()).toMatchObject({ read: 3, sent: 0, failed: 3, failedByReason: { deadline: 3 }, possiblyTwice: 0 });
  expect(account().failures.deadline).toMatch(/ECONNREFUSED/);
});

it('settles what came before a damaged file, and says what is wrong', async () => {
  const dir = await folder();
  const endpoint = await aKinesis();
  await writeFile(join(dir, 'a.ndjson'), lines(10));
  await writeFile(join(dir, 'b.ndjson.gz'), gzipSync(lines(1_000)).subarray(0, 2_000));
  const { code, account } = await run([join(dir, 'a.ndjson'), join(dir, 'b.ndjson.gz'), ...to(endpoint)]);
  expect(code).toBe(1);
  expect(account()).toMatchObject({ read: 10, sent: 10, complete: false });
  expect(account().error).toMatch(/b\.ndjson\.gz cannot be read: unexpected end of file/);
});

it.each([
  [[], 'Name one kind of input'],
  [['-', '--preset', 'demo'], 'Name one kind of input'],
  [['-'], 'Name the stream: --stream NAME.'],
  [['-', 'x.ndjson', '--stream', 's'], 'Standard input (-) cannot be sent together with files.'],
  [['-', '--stream', 'a b'], '"a b" is no name of a stream'],
  [['-', '--stream', 's', '--endpoint', 'localhost:4567'], 'must be an address that begins with http'],
  [['-', '--stream', 's', '--rate', '0'], 'It must be a number above 0.'],
  [['-', '--stream', 's', '--rate', '5', '--realtime'], 'cannot be used with'],
  [['-', '--stream', 's', '--shards', '2'], '--shards goes with --create.'],
  [['--preset', 'huge', '--stream', 's'], 'Allowed choices are demo, faulty, large, live.'],
])('wrong usage ends with 2: %j', async (args, message) => {
  const { code, err } = await run(args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

it.each([
  [['nowhere.ndjson', '--stream', 's'], 'nowhere.ndjson: there is no such file.'],
  [['/*.nowhere', '--stream', 's'], 'the pattern finds no file.'],
  [['--task', 'nowhere.json'], 'nowhere.json: the task file cannot be read'],
  [['-', '--stream', 's', '--rejected', '/nowhere/x'], '/nowhere/x cannot be written'],
])('an input that is not there ends with 1: %j', async (args, message) => {
  const { code, err } = await run(args);
  expect(err).toContain(message);
  expect(code).toBe(1);
});
