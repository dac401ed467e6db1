import { el } from './dom.js';
import { formatAge, formatCompact, formatCount, plural } from './format.js';

/* global EventSource */

const DEFAULT_HEARTBEAT_MS = 10_000;

/**
 * Follows the live feed: shows its state in `element`, calls `onCommitted` with the stage when new rows are in the lake, and
 * without when a lost connection is back.
 */
export function followLive({ element, text, onCommitted }) {
  let source;
  let heartbeatMs = DEFAULT_HEARTBEAT_MS;
  let lastSignMs = Date.now();
  let state = 'connecting';
  let hasLiveStream = false;
  let flow;
  let committed;

  const show = () => {
    element.dataset.state = state === 'live' && !flowing() ? 'quiet' : state;
    text.replaceChildren(...describe().map((part) => el('span', {}, part)));
  };
  const flowing = () => flow !== undefined && Date.now() - flow.seenMs < 10_000;
  const describe = () => {
    if (state === 'connecting') return ['Connecting…'];
    if (state === 'lost') return ['Connection lost', 'trying again'];
    const parts = [];
    if (flowing()) {
      parts.push(`${flow.perSecond < 10 ? Number(flow.perSecond.toFixed(1)) : formatCount(flow.perSecond)} events/s`);
      parts.push(`${formatCompact(flow.total)} in all`);
      parts.push(plural(flow.openWindows, 'open window'));
    } else {
      parts.push(hasLiveStream ? 'Live, no events now' : 'Connected');
    }
    if (committed) parts.push(`${plural(committed.rows, 'row')} ${formatAge(Date.parse(committed.at))}`);
    return parts;
  };
  const alive = () => {
    lastSignMs = Date.now();
    if (state !== 'live') {
      const wasLost = state === 'lost';
      state = 'live';
      if (wasLost) onCommitted();
    }
    show();
  };
  const connect = () => {
    source?.close();
    source = new EventSource('/api/live');
    source.addEventListener('hello', (event) => {
      const hello = JSON.parse(event.data);
      heartbeatMs = hello.heartbeatMs;
      hasLiveStream = hello.live;
      alive();
    });
    source.addEventListener('heartbeat', alive);
    source.addEventListener('events', (event) => {
      flow = { ...JSON.parse(event.data), seenMs: Date.now() };
      alive();
    });
    source.addEventListener('committed', (event) => {
      committed = JSON.parse(event.data);
      alive();
      onCommitted(committed.stage);
    });
    source.addEventListener('error', () => {
      state = 'lost';
      show();
    });
  };
  connect();
  window.setInterval(() => {
    const silentMs = Date.now() - lastSignMs;
    if (state === 'live' && silentMs > 2.5 * heartbeatMs) state = 'lost';
    // The browser gives up after some answers; a silent connection never ends by itself.
    if (state === 'lost' && (source.readyState === EventSource.CLOSED || silentMs > 4 * heartbeatMs)) {
      lastSignMs = Date.now();
      connect();
    }
    show();
  }, 2_000);
}
