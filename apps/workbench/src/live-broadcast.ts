import type { LiveEvent, LiveFeed } from './server/live-feed.js';

/** Hands each announcement on to everyone who listens. */
export class LiveBroadcast implements LiveFeed {
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
