import type { AccountIdentity, AwsAccount } from '@pulselake/aws-clients/account';
import { checkBootstrap } from './check-bootstrap.js';
import { checkBuckets } from './check-buckets.js';
import { checkLakeFormation } from './check-lake-formation.js';
import { quotaCheck, RATIONED } from './check-quotas.js';
import { checkRoles } from './check-roles.js';
import { checkServices } from './check-services.js';
import type { AccountCheck, AccountQuestion, CapacityNeeds, Finding } from './check.js';

export interface ExamineOptions {
  /** The names of the buckets that the deployment makes in an account. */
  readonly bucketsOf: (identity: AccountIdentity) => readonly string[];
  readonly needs: CapacityNeeds;
  readonly signal?: AbortSignal;
}

/** What a deployment needs, each asked by itself: one that cannot be asked does not hide the others. */
const CHECKS: readonly (readonly [name: string, check: AccountCheck])[] = [
  ['services', checkServices],
  ['CDK bootstrap', checkBootstrap],
  ['service-linked roles', checkRoles],
  ...RATIONED.map((rationed) => [`quota of ${rationed.what}`, quotaCheck(rationed)] as const),
  ['Lake Formation', checkLakeFormation],
  ['buckets', checkBuckets],
];

/** What an AWS account lacks for a deployment. Without credentials nothing else is asked. */
export async function examineAccount(account: AwsAccount, options: ExamineOptions): Promise<Finding[]> {
  const { bucketsOf, needs, signal } = options;
  let question: AccountQuestion;
  try {
    const identity = await account.identity({ ...(signal && { signal }) });
    question = { account, identity, buckets: bucketsOf(identity), needs, ...(signal && { signal }) };
  } catch (error) {
    signal?.throwIfAborted();
    return [{ name: 'credentials', status: 'missing', detail: messageOf(error) }];
  }
  const { arn, region, account: id } = question.identity;
  const groups = await Promise.all(
    CHECKS.map(async ([name, check]): Promise<Finding[]> => {
      try {
        return await check(question);
      } catch (error) {
        signal?.throwIfAborted();
        return [{ name, status: 'unknown', detail: messageOf(error) }];
      }
    }),
  );
  return [
    { name: 'credentials', status: 'ok', detail: `${arn}, account ${id}` },
    { name: 'region', status: 'ok', detail: region },
    ...groups.flat(),
  ];
}

/** Whether nothing lacks, and everything could be asked. */
export function isReady(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status === 'ok' || status === 'advice');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
