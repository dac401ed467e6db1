import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Fault, FAULTS, FaultProxy, type FaultProxyOptions } from '@pulselake/fault-proxy';
import { expect, it, onTestFinished } from 'vitest';
import type { ProduceAccount } from '../src/index.js';
import { buildCommand } from './support/build-command.js';
import { aKinesis, eventLine, run, stored } from './support/run-command.js';

async function behind(options: Omit<FaultProxyOptions, 'target'>) {
  const kinesis = await aKinesis();
  const proxy = await FaultProxy.start({ target: kinesis, ...options });
  onTestFinished(() => proxy.close());
  const args = [
    ...['--stream', 'metrics', '--endpoint', proxy.url, '--region', 'us-east-1'],
    ...['--create', '--shards', '3', '--json'],
  ];
  return { kinesis, proxy, args };
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => Buffer.from(`${eventLine(at, { eventId: `e${at}` })}\n`));

/** What the stream holds: nothing lost, and how many are there again. */
async function holds(kinesis: string, count: number): Promise<{ repeated: number }> {
  const records = await stored(kinesis, 'metrics');
  const values = new Map(records.map(({ event }) => [event.eventId, event.value]));
  expect([...values.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at));
  return { repeated: records.length - values.size };
}

/** Faults of which the client cannot know whether the server accepted. */
const SILENT: readonly Fault[] = ['reset-after', 'truncated', 'hang-after'];

it.each(FAULTS.map((fault) => [fault]))('%s: nothing is lost, and what is there twice was announced', async (fault) => {
  const { kinesis, proxy, args } = await behind({ script: ['none', fault, 'none', fault, fault] });
  const { code, account } = await run(['-', '--request-timeout', '1', ...args], { stdin: Readable.from(lines(4_000)) });
  expect(account()).toMatchObject({ read: 4_000, sent: 4_000, failed: 0 });
  expect(code).toBe(0);
  expect(proxy.counts.faults[fault]).toBe(3);
  expect(account().retried).toBeGreaterThan(0);
  const { repeated } = await holds(kinesis, 4_000);
  if (SILENT.includes(fault)) expect(repeated).toBeGreaterThan(0);
  else expect(repeated).toBe(0);
  expect(account().possiblyTwice).toBeGreaterThanOrEqual(repeated === 0 ? 0 : 1);
});

it.each([1, 2, 3])('all faults together, seed %i: nothing is lost', async (seed) => {
  const rates = Object.fromEntries(FAULTS.map((fault) => [fault, fault.startsWith('hang') ? 0.02 : 0.07]));
  const { kinesis, proxy, args } = await behind({ seed, rates, latencyMs: 20 });
  const { code, account } = await run(['-', '--request-timeout', '0.5', ...args], {
    stdin: Readable.from(lines(20_000)),
  });
  expect(account()).toMatchObject({ read: 20_000, sent: 20_000, failed: 0 });
  expect(code).toBe(0);
  expect(Object.values(proxy.counts.faults).reduce((sum, count) => sum + count)).toBeGreaterThan(10);
  const { repeated } = await holds(kinesis, 20_000);
  // An event may be there three times, so this is no bound for all streams, but one for these.
  expect(repeated).toBeLessThanOrEqual(account().possiblyTwice * 3);
});

it('keeps to what real shards take: refused by the second, and all sent in the end', async () => {
  const { kinesis, proxy, args } = await behind({ shardLimits: { recordsPerSecond: 1_000 } });
  const { account } = await run(['-', ...args], { stdin: Readable.from(lines(8_000)) });
  expect(account()).toMatchObject({ read: 8_000, sent: 8_000, failed: 0, possiblyTwice: 0 });
  expect(proxy.counts.refusedRecords).toBeGreaterThan(500);
  expect(await holds(kinesis, 8_000)).toEqual({ repeated: 0 });
});

it('drains at Ctrl-C, as a program of its own, through a proxy that fails', async () => {
  const { kinesis, args } = await behind({ rates: { 'partial-failure': 0.3, 'server-error': 0.2 } });
  const program = await buildCommand();
  const child = spawn(process.execPath, [program, '-', '--rate', '2000', ...args], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  for (const line of lines(20_000)) child.stdin.write(line);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  setTimeout(() => child.kill('SIGINT'), 2_500);
  const [code] = (await once(child, 'close')) as [number | null];
  const [out, err] = await printed;
  expect(err).toBe('');
  expect(code).toBe(0);
  const { read, sent, failed, stopped } = JSON.parse(out) as ProduceAccount;
  expect([stopped, failed]).toEqual(['signal', 0]);
  expect(sent).toBe(read);
  expect(read).toBeGreaterThan(200);
  expect(read).toBeLessThan(20_000);
  await holds(kinesis, read);
});
