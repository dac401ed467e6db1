// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever imports this file needs the declaration
/// <reference path="./kinesalite.d.ts" />
import type { AddressInfo } from 'node:net';
import kinesalite from 'kinesalite';

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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
