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
