import { formatInstant } from '@pulselake/data-model';
import { streamSSE } from 'hono/streaming';
import type { App, AppOptions } from './create-app.js';
import type { LiveEvent } from './live-feed.js';

const DEFAULT_HEARTBEAT_MS = 10_000;

/**
 * Adds `/api/live`: server-sent events `hello` (once), `committed`, `events` and `heartbeat`, each with a JSON object.
 * A reader that cannot keep up misses `events`, never `committed`.
 */
export function addLiveRoute(
  app: App,
  { live, clock, heartbeatMs = DEFAULT_HEARTBEAT_MS }: Pick<AppOptions, 'live' | 'clock' | 'heartbeatMs'>,
): void {
  app.get('/api/live', (c) => {
    // A HEAD request has no reader who would ever end the stream.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    return streamSSE(c, async (stream) => {
      let pending = 0;
      const send = async (event: string, data: object) => {
        pending += 1;
        try {
          await stream.writeSSE({ event, data: JSON.stringify(data) });
        } finally {
          pending -= 1;
        }
      };
      const now = () => formatInstant(clock());
      const announce = (event: LiveEvent) => {
        if (event.type === 'events' && pending > 0) return;
        void send(event.type, event);
      };
      const unsubscribe = live?.subscribe(announce);
      const heartbeat = setInterval(() => void send('heartbeat', { at: now() }), heartbeatMs);
      await new Promise<void>((resolve) => {
        stream.onAbort(resolve);
        void send('hello', { at: now(), heartbeatMs, live: live !== undefined });
      });
      clearInterval(heartbeat);
      unsubscribe?.();
    });
  });
}
