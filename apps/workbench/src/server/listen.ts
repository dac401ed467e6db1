import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { App } from './create-app.js';

export interface ListenOptions {
  readonly app: App;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** Loopback address, default `127.0.0.1`. */
  readonly host?: '127.0.0.1' | '::1';
}

export interface ListeningServer {
  /** Address for a browser, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Frees the port. Answers under way may be ended within `graceMs` (default 0), then their connections are cut. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves `app` on loopback until it is closed.
 *
 * @throws Error with the port and what to do when the port is taken
 */
export async function listen({ app, port = 0, host = '127.0.0.1' }: ListenOptions): Promise<ListeningServer> {
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new Error(`Port ${port} is taken by another program. Choose another one, or 0 for any free one.`, {
        cause,
      });
    }
    throw cause;
  }
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${taken}`,
    port: taken,
    close: async (graceMs = 0) => {
      const closed = once(server, 'close');
      server.close();
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      if (graceMs > 0) await Promise.race([closed, sleep(graceMs, undefined, { ref: false })]);
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
