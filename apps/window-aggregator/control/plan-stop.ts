import type { FlinkApplication } from '@pulselake/aws-clients/managed-flink';

/** `plain` and `with-snapshot` stop a job that runs; `force` stops it in any state, without a snapshot. */
export type StopMode = 'plain' | 'with-snapshot' | 'force';

/** What this command has done so far. */
export interface StopProgress {
  readonly snapshotTaken: boolean;
  readonly stopped: boolean;
  /** Whether a call was accepted that the application's state may not show yet. */
  readonly isSettling: boolean;
}

export type StopStep =
  { readonly kind: 'done' | 'wait' | 'snapshot' | 'stop' } | { readonly kind: 'failed'; readonly why: string };

/**
 * The next step to a stopped job. Pure.
 *
 * @see https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_StopApplication.html for what may be stopped when
 */
export function planStop(
  { state }: Pick<FlinkApplication, 'state'>,
  { mode, progress }: { readonly mode: StopMode; readonly progress: StopProgress },
): StopStep {
  switch (state) {
    case 'READY':
      return { kind: 'done' };
    case 'DELETING':
      return { kind: 'failed', why: 'it is being deleted' };
    case 'RUNNING':
    case 'ROLLED_BACK':
      if (mode === 'with-snapshot' && !progress.snapshotTaken && !progress.stopped) return { kind: 'snapshot' };
      if (!progress.stopped) return { kind: 'stop' };
      return progress.isSettling ? { kind: 'wait' } : { kind: 'failed', why: 'it did not stop, and runs on' };
    case 'STARTING':
    case 'UPDATING':
    case 'AUTOSCALING':
    case 'STOPPING':
      return mode === 'force' && !progress.stopped ? { kind: 'stop' } : { kind: 'wait' };
    default:
      return { kind: 'wait' };
  }
}
