import type { ArtifactLocation } from '@pulselake/aws-clients/artifacts';
import type { FlinkApplication } from '@pulselake/aws-clients/managed-flink';

/** What this command has done so far. */
export interface StartProgress {
  /** The state in which the code was changed. */
  readonly updatedFrom?: 'READY' | 'RUNNING' | undefined;
  readonly started: boolean;
  /** Whether a call was accepted that the application's state may not show yet. */
  readonly isSettling: boolean;
}

/** A step that changes something in AWS. */
export type StartChange =
  | { readonly kind: 'start' }
  | { readonly kind: 'update'; readonly jar: ArtifactLocation; readonly from: 'READY' | 'RUNNING' };

export type StartStep =
  StartChange | { readonly kind: 'done' | 'wait' } | { readonly kind: 'failed'; readonly why: string };

/**
 * The next step to a job that runs, with the asked jar when one is asked. Pure.
 *
 * @see https://docs.aws.amazon.com/managed-flink/latest/java/how-running-apps.html for the states
 */
export function planStart(
  { state, jar: present }: FlinkApplication,
  { jar, progress }: { readonly jar?: ArtifactLocation | undefined; readonly progress: StartProgress },
): StartStep {
  const isAsked = jar === undefined || (present?.bucket === jar.bucket && present.key === jar.key);
  const { updatedFrom, started, isSettling } = progress;
  switch (state) {
    case 'DELETING':
      return { kind: 'failed', why: 'it is being deleted' };
    // After a rollback the version before runs.
    case 'ROLLED_BACK':
    case 'RUNNING':
      if (isAsked && (updatedFrom !== 'RUNNING' || !isSettling)) return { kind: 'done' };
      if (isSettling) return { kind: 'wait' };
      return updatedFrom === undefined && !started
        ? { kind: 'update', jar: jar!, from: 'RUNNING' }
        : { kind: 'failed', why: 'the new jar did not run, and the version before runs again' };
    case 'READY':
      if (!isAsked && updatedFrom === undefined) return { kind: 'update', jar, from: 'READY' };
      if (started || updatedFrom === 'RUNNING') {
        return isSettling ? { kind: 'wait' } : { kind: 'failed', why: 'it did not come to run, and is stopped' };
      }
      if (isAsked) return { kind: 'start' };
      return isSettling ? { kind: 'wait' } : { kind: 'failed', why: 'the service did not take the new jar' };
    default:
      return { kind: 'wait' };
  }
}
