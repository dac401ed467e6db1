// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever imports this file needs the declaration
/// <reference path="./kinesalite.d.ts" />
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import kinesalite from 'kinesalite';

/** Longest time that an action goes on for, beside a stream's change of state. */
const ACTION_MS = 50;

export interface KinesaliteOptions {
  /** A folder that keeps the streams; absent: memory. */
  readonly path?: string;
  /** Shards of all streams together, default 50. */
  readonly shardLimit?: number;
  /** How long creating, changing and deleting a stream take, default 20. */
  readonly stateChangeMs?: number;
}

/** A Kinesis on loopback. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts kinesalite on a free port of loopback, in this process. */
export async function startKinesalite(options: KinesaliteOptions = {}): Promise<RunningServer> {
  const { path, shardLimit = 50, stateChangeMs = 20 } = options;
  const server = kinesalite({
    ...(path !== undefined && { path }),
    shardLimit,
    createStreamMs: stateChangeMs,
    deleteStreamMs: stateChangeMs,
    updateStreamMs: stateChangeMs,
  });
  // A client that dies in the middle of a request is no fault of the server; kinesalite throws, which ends the process.
  server.on('request', (request) => request.removeAllListeners('error').on('error', () => undefined));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      // Connections first: its own `close` takes the store away from actions that are under way, which then throw.
      const closed = new Promise((resolve) => Server.prototype.close.call(server, resolve));
      server.closeAllConnections();
      await closed;
      if (path === undefined) return;
      await sleep(stateChangeMs + ACTION_MS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
