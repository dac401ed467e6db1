import type { PipelineStage } from '@pulselake/data-model';

/** New rows are in the lake. */
interface CommittedEvent {
  readonly type: 'committed';
  readonly stage: PipelineStage;
  readonly rows: number;
  /** Instant of the commit, ISO-8601. */
  readonly at: string;
}

/** How the live stream flows. Sent about once a second while it does. */
interface EventsEvent {
  readonly type: 'events';
  readonly perSecond: number;
  /** Events since the stream began. */
  readonly total: number;
  readonly openWindows: number;
}

export type LiveEvent = CommittedEvent | EventsEvent;

/** Announces what happens in the lake while it happens. */
export interface LiveFeed {
  /** Calls `listener` for each event from now on, until the returned function is called. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
