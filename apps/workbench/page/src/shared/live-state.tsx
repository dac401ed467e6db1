import { useEffect, useState } from 'react';
import type { Live } from '../state/use-live.js';
import { formatAge, formatCompact, formatCount, plural } from './format.js';

/** Events that were told longer ago do not flow any more. */
const FLOWING_MS = 10_000;

/** Whether new windows arrive by themselves, and what flows. */
export function LiveState({ live }: { readonly live: Live }) {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 2000);
    return () => window.clearInterval(timer);
  }, []);
  const isFlowing = live.flow !== undefined && nowMs - live.flow.seenMs < FLOWING_MS;
  return (
    <div
      className="live"
      role="status"
      aria-live="off"
      data-state={live.state === 'live' && !isFlowing ? 'quiet' : live.state}
    >
      <span className="live-dot" aria-hidden="true" />
      <span className="live-text">
        {partsOf(live, isFlowing, nowMs).map((part) => (
          <span key={part}>{part}</span>
        ))}
      </span>
    </div>
  );
}

function partsOf({ state, hasStream, flow, committed }: Live, isFlowing: boolean, nowMs: number): string[] {
  if (state === 'connecting') return ['Connecting …'];
  if (state === 'lost') return ['Connection lost', 'trying again'];
  const told = committed ? [`${plural(committed.rows, 'row')} ${formatAge(Date.parse(committed.at), nowMs)}`] : [];
  if (!flow || !isFlowing) return [hasStream ? 'Live, no events now' : 'Connected', ...told];
  const rate = flow.perSecond < 10 ? String(Number(flow.perSecond.toFixed(1))) : formatCount(flow.perSecond);
  return [`${rate} events/s`, `${formatCompact(flow.total)} in all`, plural(flow.openWindows, 'open window'), ...told];
}
