import type { ArtifactLocation } from '@pulselake/aws-clients/artifacts';
import type { FlinkApplication, FlinkSnapshots, ManagedFlink, Restore } from '@pulselake/aws-clients/managed-flink';
import { JobFailure } from '@pulselake/job-control';
import { ChangeAttempts } from './change-attempts.js';
import { chooseRestore } from './choose-restore.js';
import { failureReason } from './failure-reason.js';
import { logAdvice } from './log-advice.js';
import { planStart, type StartChange } from './plan-start.js';
import { StateTrail } from './state-trail.js';
import type { Waiting } from './waiting.js';

export interface StartOptions {
  readonly flink: ManagedFlink;
  readonly snapshots: FlinkSnapshots;
  readonly waiting: Waiting;
  readonly application: string;
  /** Absent: the one that the application has. */
  readonly jar?: ArtifactLocation | undefined;
  readonly restore: Restore;
  /** Takes each state, and what is done. */
  readonly report: (line: string) => void;
}

export interface StartOutcome {
  readonly application: FlinkApplication;
  /** What this call has done; nothing when the job ran already. */
  readonly did: readonly ('updated' | 'started')[];
}

/**
 * Brings an application to run, with the asked jar when one is asked, and waits until it does.
 *
 * @throws JobFailure when it does not come to run, with the service's reason and where the logs are
 * @throws WaitEndedError when it does not in time
 * @throws ControlError when the service refuses
 */
export async function startApplication(options: StartOptions): Promise<StartOutcome> {
  const { flink, snapshots, waiting, application: name, jar, report } = options;
  const { signal } = waiting;
  const attempts = new ChangeAttempts(waiting.clock);
  const trail = new StateTrail(name, waiting, report);
  let updatedFrom: 'READY' | 'RUNNING' | undefined;
  let started = false;
  let operation: string | undefined;
  let lost: StartChange | undefined;

  for (;;) {
    const application = await flink.describe(name, { signal });
    const { isTransient } = trail.see(application.state);
    if (lost && attempts.isLost && isTransient) {
      // The call whose answer was lost has been obeyed.
      if (lost.kind === 'update') updatedFrom = lost.from;
      else started = true;
      lost = undefined;
    }
    if (isTransient) attempts.settle();
    const step = planStart(application, {
      jar,
      progress: { updatedFrom, started, isSettling: attempts.isSettling },
    });
    switch (step.kind) {
      case 'done':
        return {
          application,
          did: [...(updatedFrom ? ['updated' as const] : []), ...(started ? ['started' as const] : [])],
        };
      case 'wait':
        await waiting.pause();
        break;
      case 'failed':
        throw new JobFailure(
          `${name} does not run the job as asked: ${step.why}. ${await failureReason(flink, { application: name, id: operation, signal })}\n${logAdvice(application.logStreams)}`,
        );
      case 'update':
      case 'start': {
        const chosen =
          step.kind === 'start' || step.from === 'RUNNING'
            ? await chooseRestore(options.restore, application, { snapshots, signal })
            : undefined;
        if (chosen?.note !== undefined) report(chosen.note);
        const sent = await attempts.send(() => change(step, application, chosen?.restore));
        if (!sent) {
          lost = step;
          await waiting.pause();
          break;
        }
        operation = sent.value;
        if (step.kind === 'update') updatedFrom = step.from;
        else started = true;
        break;
      }
    }
  }

  function change(
    step: StartChange,
    { arn, version }: FlinkApplication,
    restore: Restore | undefined,
  ): Promise<string | undefined> {
    if (step.kind === 'start') {
      report(`${name}: start`);
      return flink.start({ application: name, restore: restore ?? options.restore }, { signal });
    }
    report(`${name}: take s3://${step.jar.bucket}/${step.jar.key} instead of version ${version}'s code`);
    const partition = arn.split(':')[1];
    return flink.updateCode(
      {
        application: name,
        version,
        jar: step.jar,
        ...(partition !== undefined && { partition }),
        ...(restore && { restore }),
      },
      { signal },
    );
  }
}
