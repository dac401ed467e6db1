import type { EventIdHash } from './event-id-hash.js';

/** An event as the parsers hand it on. One object is reused for all: valid during the call only. */
export interface ParsedMetricEvent {
  /** Index in the parser's {@link SeriesTable}. */
  series: number;
  /** Milliseconds since the epoch. */
  timestampMs: number;
  /** Finite. */
  value: number;
  /** Whether the event has an id; its hash is in `idHash`. */
  hasId: boolean;
  readonly idHash: EventIdHash;
  /** 1-based. */
  line: number;
  /** The id as text, for a record that is rejected later. Reads the line's bytes. */
  readId(): string | undefined;
}

/** Takes an event, which is valid during the call only. */
export type MetricEventListener = (event: ParsedMetricEvent) => void;
