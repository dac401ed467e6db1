import { sizeDeployment } from '@pulselake/cost-model';
import { type Finding, type FindingStatus } from '../aws-doctor/check.js';
import { examineAccount, isReady } from '../aws-doctor/examine-account.js';
import { awsOptions, quietSdk } from './aws-options.js';
import type { CommandContext, ExitCode } from './context.js';
import { printable } from './format.js';

/** The vCPUs and DPUs of the jobs as they are sized by default: driver and executor; a sixteenth, with one run at a time. */
const JOB_VCPUS = 2;
const JOB_DPUS = 1;

/** `doctor --aws`: what an account lacks. */
export async function doctorAws(
  context: CommandContext,
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  quietSdk();
  // The clients are large: no other command loads them.
  const { createAccountClients, SdkAwsAccount } = await import('@pulselake/aws-clients/account');
  const { deploymentBuckets } = await import('@pulselake/aws-clients/deployment');
  const client = createAccountClients(awsOptions(options));
  try {
    const { clock, signal } = context.io;
    const environment = options['env'] as string;
    const account = new SdkAwsAccount({ client, clock, random: Math.random });
    const load = {
      eventsPerSecond: options['eventsPerSecond'] as number,
      components: options['components'] as number,
      logLinesPerDay: 0,
      dashboardViewers: 0,
    };
    const { eventShards, windowShards, processingKpus } = sizeDeployment(load);
    const findings = await examineAccount(account, {
      bucketsOf: (identity) => Object.values(deploymentBuckets({ ...identity, environment })) as string[],
      needs: { shards: eventShards + windowShards, kpus: processingKpus + 1, vcpus: JOB_VCPUS, dpus: JOB_DPUS },
      signal,
    });
    const ok = isReady(findings);
    context.result(
      { ok, checks: findings },
      findings.map((finding) => lineOf(context, finding)),
    );
    return ok ? 0 : 1;
  } finally {
    client.destroy();
  }
}

const SIGNS: Readonly<Record<FindingStatus, readonly ['green' | 'red' | 'yellow', string]>> = {
  ok: ['green', 'ok  '],
  advice: ['yellow', 'note'],
  missing: ['red', 'FAIL'],
  unknown: ['red', '??? '],
};

function lineOf(context: CommandContext, { name, status, detail }: Finding): string {
  const [colour, sign] = SIGNS[status];
  return `${context.paint(colour, sign)}  ${printable(name)}: ${printable(detail)}`;
}
