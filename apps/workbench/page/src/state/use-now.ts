import { useEffect, useState } from 'react';

/** Viewers ask for the same seconds, so that the server answers them together. */
const GRID_MS = 5000;

const onGrid = () => Math.ceil(Date.now() / GRID_MS) * GRID_MS;

/**
 * The instant that moving ranges end at: it moves when something new is in the lake (`version`), and every `refreshSeconds`
 * (0: not), but not while the page is hidden.
 */
export function useNow(version: number, refreshSeconds: number): number {
  const [nowMs, setNow] = useState(onGrid);
  useEffect(() => {
    if (!document.hidden) setNow(onGrid());
    const seen = () => {
      if (!document.hidden) setNow(onGrid());
    };
    document.addEventListener('visibilitychange', seen);
    const timer = refreshSeconds > 0 ? window.setInterval(seen, refreshSeconds * 1000) : undefined;
    return () => {
      document.removeEventListener('visibilitychange', seen);
      window.clearInterval(timer);
    };
  }, [version, refreshSeconds]);
  return nowMs;
}
