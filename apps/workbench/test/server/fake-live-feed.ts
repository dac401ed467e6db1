import type { LiveEvent, LiveFeed } from '../../src/server/live-feed.js';

/** Hands `emit`ted events to whoever listens. */
export function fakeLiveFeed(): LiveFeed & { emit(event: LiveEvent): void; listeners(): number } {
  const listeners = new Set<(event: LiveEvent) => void>();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listeners: () => listeners.size,
  };
}
