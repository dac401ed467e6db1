import type { CommittedState } from './stream-committer.js';
import type { StreamState } from './stream-windows.js';

/** Everything a replay goes on from: what the stream held, and what of it was committed. */
export interface StreamSnapshot {
  readonly windows: StreamState;
  readonly committed: CommittedState;
}

/** A snapshot in parts, so that no text is as long as all of it: the windows of each end are one. */
export function encodeSnapshot({ windows, committed }: StreamSnapshot): Buffer[] {
  const { held, ...aggregator } = windows.aggregator;
  return [{ committed, windows: { ...windows, aggregator } }, ...held].map((part) => Buffer.from(JSON.stringify(part)));
}

export function decodeSnapshot([head, ...held]: readonly Buffer[]): StreamSnapshot {
  const { committed, windows } = JSON.parse(head!.toString()) as StreamSnapshot;
  const aggregator = {
    ...windows.aggregator,
    held: held.map((part) => JSON.parse(part.toString()) as StreamState['aggregator']['held'][number]),
  };
  return { committed, windows: { ...windows, aggregator } };
}
