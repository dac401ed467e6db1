import type { FlinkApplication, FlinkSnapshots, ManagedFlink } from '@pulselake/aws-clients/managed-flink';
import { JobFailure } from '@pulselake/job-control';
import { ChangeAttempts } from './change-attempts.js';
import { failureReason } from './failure-reason.js';
import { logAdvice } from './log-advice.js';
import { planStop, type StopMode } from './plan-stop.js';
import { StateTrail } from './state-trail.js';
import { takeSnapshot } from './take-snapshot.js';
import type { Waiting } from './waiting.js';

export interface StopOptions {
  readonly flink: ManagedFlink;
  readonly snapshots: FlinkSnapshots;
  readonly waiting: Waiting;
  readonly application: string;
  readonly mode: StopMode;
  /** Takes each state, and what is done. */
  readonly report: (line: string) => void;
}

export interface StopOutcome {
  readonly application: FlinkApplication;
  /** Whether this call has stopped it; not when it was stopped, or being stopped, already. */
  readonly stopped: boolean;
  /** The snapshot that was waited for. */
  readonly snapshot?: string;
}

/**
 * Stops an application's job, after a snapshot when one is asked, and waits until it has stopped.
 *
 * @throws JobFailure when the snapshot fails or the job does not stop, with the service's reason
 * @throws WaitEndedError when it does not in time
 * @throws ControlError when the service refuses
 */
export async function stopApplication(options: StopOptions): Promise<StopOutcome> {
  const { flink, snapshots, waiting, application: name, mode, report } = options;
  const { signal } = waiting;
  const attempts = new ChangeAttempts(waiting.clock);
  const trail = new StateTrail(name, waiting, report);
  let snapshot: string | undefined;
  let stopped = false;
  let operation: string | undefined;

  for (;;) {
    const application = await flink.describe(name, { signal });
    const { isTransient } = trail.see(application.state);
    if (application.state === 'STOPPING' && attempts.isLost) stopped = true;
    if (isTransient) attempts.settle();
    const step = planStop(application, {
      mode,
      progress: { snapshotTaken: snapshot !== undefined, stopped, isSettling: attempts.isSettling },
    });
    switch (step.kind) {
      case 'done':
        return { application, stopped, ...(snapshot !== undefined && { snapshot }) };
      case 'wait':
        await waiting.pause();
        break;
      case 'failed':
        throw new JobFailure(
          `${name} could not be stopped: ${step.why}. ${await failureReason(flink, { application: name, id: operation, signal })}\n${logAdvice(application.logStreams)}\nTo stop it without a snapshot: --force`,
        );
      case 'snapshot':
        if (!application.snapshotsEnabled) {
          throw new JobFailure(
            `Snapshots of ${name} are off, so none can be made. Switch them on, or stop it without --with-snapshot.`,
          );
        }
        snapshot = await takeSnapshot({ snapshots, waiting, application: name, report });
        break;
      case 'stop': {
        report(`${name}: stop${mode === 'force' ? ' by force' : ''}`);
        const sent = await attempts.send(() => flink.stop({ application: name, force: mode === 'force' }, { signal }));
        if (sent) {
          operation = sent.value;
          stopped = true;
        } else await waiting.pause();
        break;
      }
    }
  }
}
