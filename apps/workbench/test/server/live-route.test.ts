import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/server/create-app.js';
import { listen } from '../../src/server/listen.js';
import { fakeLiveFeed } from './fake-live-feed.js';
import { fakeQueryEngine } from './fake-query-engine.js';

const NOTHING = { columns: [], rows: [] };

async function serving({ heartbeatMs = 60_000 }: { heartbeatMs?: number } = {}) {
  const live = fakeLiveFeed();
  const app = createApp({ engine: fakeQueryEngine(() => NOTHING), pageDir: '.', clock: () => 0, live, heartbeatMs });
  return { live, ...(await listen({ app })) };
}

/** Reads events until `count` have come, then ends the connection. */
async function readEvents(url: string, count: number, afterFirst: () => void = () => undefined): Promise<string[]> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/live`, { signal: abort.signal });
  const decoder = new TextDecoder();
  let text = '';
  let told = false;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (!told) {
      told = true;
      afterFirst();
    }
    if (text.split('\n\n').length > count) break;
  }
  abort.abort();
  return text.split('\n\n').slice(0, count);
}

const eventually = async (holds: () => boolean) => {
  for (let attempt = 0; attempt < 200 && !holds(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return holds();
};

describe('the live feed', () => {
  test('says hello, announces commits and the flow of events, and lets go when the reader leaves', async () => {
    const server = await serving();
    const { url, live } = server;
    const events = await readEvents(url, 3, () => {
      live.emit({ type: 'committed', stage: 'stream-windows', rows: 12, at: '2024-03-01T12:00:00.000Z' });
      setTimeout(() => live.emit({ type: 'events', perSecond: 40, total: 900, openWindows: 3 }), 50);
    });
    expect(events).toEqual([
      'event: hello\ndata: {"at":"1970-01-01T00:00:00.000Z","heartbeatMs":60000,"live":true}',
      'event: committed\ndata: {"type":"committed","stage":"stream-windows","rows":12,"at":"2024-03-01T12:00:00.000Z"}',
      'event: events\ndata: {"type":"events","perSecond":40,"total":900,"openWindows":3}',
    ]);
    expect(await eventually(() => live.listeners() === 0)).toBe(true);
    await server.close();
  });

  test('shows signs of life while nothing happens', async () => {
    const server = await serving({ heartbeatMs: 20 });
    const { url } = server;
    const [, second, third] = await readEvents(url, 3);
    expect([second, third].map((event) => event?.split('\n')[0])).toEqual(['event: heartbeat', 'event: heartbeat']);
    await server.close();
  });

  test('a request for the headers alone does not listen', async () => {
    const server = await serving();
    expect((await fetch(`${server.url}/api/live`, { method: 'HEAD' })).status).toBe(200);
    expect(server.live.listeners()).toBe(0);
    await server.close();
  });

  test('closing the server ends open streams', async () => {
    const server = await serving();
    const { url, live } = server;
    const response = await fetch(`${url}/api/live`);
    const ended = response.text().then(
      () => 'ended',
      () => 'broken off',
    );
    expect(live.listeners()).toBe(1);
    await server.close();
    expect(['ended', 'broken off']).toContain(await ended);
    expect(await eventually(() => live.listeners() === 0)).toBe(true);
  });
});

describe('listening', () => {
  test('a free port is chosen, answered on, and freed', async () => {
    const server = await serving();
    const { url, port } = server;
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
    await server.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('fails with the port when it is taken', async () => {
    const server = await serving();
    const { port } = server;
    const app = createApp({ engine: fakeQueryEngine(() => NOTHING), pageDir: '.', clock: () => 0 });
    await expect(listen({ app, port })).rejects.toThrow(`Port ${port} is taken`);
    await server.close();
  });
});
