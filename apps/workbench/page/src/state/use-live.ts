import { useEffect, useState } from 'react';

const DEFAULT_HEARTBEAT_MS = 10_000;
/** New windows come in bunches: wait for the rest before asking again. */
const BUNCH_MS = 1500;

interface Flow {
  readonly perSecond: number;
  readonly total: number;
  readonly openWindows: number;
  readonly seenMs: number;
}

/** What the live feed says. */
export interface Live {
  readonly state: 'connecting' | 'live' | 'lost';
  /** Whether the server has a stream. */
  readonly hasStream: boolean;
  readonly flow?: Flow;
  readonly committed?: { readonly rows: number; readonly at: string; readonly stage: string };
  /** Counts up when something new is in the lake, or may be. */
  readonly version: number;
}

/** What the server says, by the name of the event. */
interface Said {
  readonly hello: { readonly heartbeatMs: number; readonly live: boolean };
  readonly heartbeat: { readonly at: string };
  readonly events: Omit<Flow, 'seenMs'>;
  readonly committed: NonNullable<Live['committed']>;
}

/** Follows the server's live feed; a connection that was lost is made again. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ state: 'connecting', hasStream: false, version: 0 });
  useEffect(() => follow(setLive), []);
  return live;
}

function follow(set: (change: (live: Live) => Live) => void): () => void {
  let source: EventSource;
  let heartbeatMs = DEFAULT_HEARTBEAT_MS;
  let lastSignMs = Date.now();
  let bunch: number | undefined;
  const renew = () => {
    window.clearTimeout(bunch);
    bunch = window.setTimeout(() => set((live) => ({ ...live, version: live.version + 1 })), BUNCH_MS);
  };
  const alive = (change: Partial<Live> = {}) => {
    lastSignMs = Date.now();
    set((live) => {
      if (live.state === 'lost') renew();
      return { ...live, ...change, state: 'live' };
    });
  };
  const on = <Name extends keyof Said>(name: Name, take: (data: Said[Name]) => void) =>
    source.addEventListener(name, (event: MessageEvent<string>) => take(JSON.parse(event.data) as Said[Name]));
  const connect = () => {
    source = new EventSource('/api/live');
    on('hello', (hello) => {
      heartbeatMs = hello.heartbeatMs;
      alive({ hasStream: hello.live });
    });
    on('heartbeat', () => alive());
    on('events', (flow) => alive({ flow: { ...flow, seenMs: Date.now() } }));
    on('committed', (committed) => {
      alive({ committed });
      renew();
    });
    source.addEventListener('error', () => set((live) => ({ ...live, state: 'lost' })));
  };
  connect();
  const watch = window.setInterval(() => {
    const silentMs = Date.now() - lastSignMs;
    if (silentMs > 2.5 * heartbeatMs) set((live) => (live.state === 'live' ? { ...live, state: 'lost' } : live));
    // The browser gives up after some answers; a silent connection never ends by itself.
    if (source.readyState === EventSource.CLOSED || silentMs > 4 * heartbeatMs) {
      lastSignMs = Date.now();
      source.close();
      connect();
    }
  }, 2000);
  return () => {
    window.clearInterval(watch);
    window.clearTimeout(bunch);
    source.close();
  };
}
