/** How a run stands, whatever its service calls it. */
export type RunPhase = 'waiting' | 'running' | 'ending' | 'succeeded' | 'failed' | 'cancelled';

/** A run of a batch job. */
export interface BatchRun {
  readonly id: string;
  readonly phase: RunPhase;
  /** In the service's words. */
  readonly state: string;
  /** Why it is in that state, when the service says so. */
  readonly reason?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedMs?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly endedMs?: number | undefined;
}

/** One run that a command starts, follows and may cancel: what Glue and EMR Serverless have in common. */
export interface BatchJob<Run extends BatchRun = BatchRun> {
  /** The service, for messages. */
  readonly service: string;
  /** The job or the application, for messages. */
  readonly name: string;
  /** @returns the id of the run; the same for each call */
  start(signal: AbortSignal): Promise<string>;
  look(id: string, signal: AbortSignal): Promise<Run>;
  /** Asks it to end. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** Where its logs are, and how to see them. */
  logAdvice(run: Run): readonly string[];
}

const ENDED = new Set<RunPhase>(['succeeded', 'failed', 'cancelled']);

/** Whether nothing more comes of it. Pure. */
export function hasEnded({ phase }: BatchRun): boolean {
  return ENDED.has(phase);
}
