import type { GlueRun, GlueRunState } from '@pulselake/aws-clients/glue';
import type { BatchRun, RunPhase } from '@pulselake/job-control';

/** A run of Glue as the commands see it. */
export interface GlueBatchRun extends BatchRun {
  readonly glue: GlueRun;
}

const PHASES: Readonly<Record<GlueRunState, RunPhase>> = {
  ERROR: 'failed',
  EXPIRED: 'failed',
  FAILED: 'failed',
  RUNNING: 'running',
  STARTING: 'waiting',
  STOPPED: 'cancelled',
  STOPPING: 'ending',
  SUCCEEDED: 'succeeded',
  TIMEOUT: 'failed',
  WAITING: 'waiting',
};

/** Pure. */
export function glueBatchRun(glue: GlueRun): GlueBatchRun {
  const { id, state, error, startedMs, endedMs } = glue;
  // A state that is newer than this program is one that goes on.
  const phase = (PHASES as Partial<Record<string, RunPhase>>)[state] ?? 'running';
  return { id, state, phase, reason: error, startedMs, endedMs, glue };
}
