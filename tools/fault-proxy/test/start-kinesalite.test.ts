import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { startKinesalite } from '../src/index.js';

it('answers on loopback until it is closed', async () => {
  const server = await startKinesalite();
  onTestFinished(() => server.close());
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const ask = () => fetch(server.url, { method: 'POST', headers: { 'X-Amz-Target': 'Kinesis_20131202.ListStreams' } });
  expect((await ask()).headers.get('x-amzn-requestid')).toBeTruthy();
  await server.close();
  await expect(ask()).rejects.toThrow();
});

it('outlives clients that die in the middle of a request', async () => {
  const server = await startKinesalite();
  onTestFinished(() => server.close());
  const { port } = new URL(server.url);
  const faults: unknown[] = [];
  const note = (fault: unknown): void => void faults.push(fault);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  for (const sent of ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{', 'POST / HTTP/1.1\r\n', '']) {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(sent);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resetAndDestroy();
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'X-Amz-Target': 'Kinesis_20131202.ListStreams' },
  });
  expect(answer.status).toBe(400);
  expect(faults).toEqual([]);
});
