import type { Quota } from '@pulselake/aws-clients/account';
import type { AccountCheck, AccountQuestion, CapacityNeeds, Finding } from './check.js';

/** A quota of an account, found by its name: the codes differ between partitions, and say nothing to people. */
interface Rationed {
  readonly serviceCode: string;
  readonly what: string;
  readonly name: RegExp;
  readonly need: keyof CapacityNeeds;
}

export const RATIONED: readonly Rationed[] = [
  { serviceCode: 'kinesis', what: 'Kinesis shards', name: /^shards per region/i, need: 'shards' },
  { serviceCode: 'kinesisanalytics', what: 'Flink KPUs', name: /\bKPUs?\b|kinesis processing units/i, need: 'kpus' },
  { serviceCode: 'emr-serverless', what: 'EMR Serverless vCPUs', name: /concurrent vcpus/i, need: 'vcpus' },
  { serviceCode: 'glue', what: 'Glue DPUs', name: /^max task dpus per account|concurrent dpus/i, need: 'dpus' },
];

/** Whether the account may have as much as the deployment takes. */
export function quotaCheck(rationed: Rationed): AccountCheck {
  return async (question: AccountQuestion) => {
    const { account, needs, signal } = question;
    const quotas = await account.quotas(rationed.serviceCode, { ...(signal && { signal }) });
    return [quotaFinding(rationed, quotas, needs[rationed.need])];
  };
}

function quotaFinding({ what, name, serviceCode }: Rationed, quotas: readonly Quota[], need: number): Finding {
  const values = quotas.filter((quota) => name.test(quota.name)).map(({ value }) => value);
  const called = `quota of ${what}`;
  if (values.length === 0) {
    const detail = `Service Quotas names none for ${serviceCode}. ${need} are needed: look under Service Quotas in the console.`;
    return { name: called, status: 'unknown', detail };
  }
  const least = Math.min(...values);
  return least >= need
    ? { name: called, status: 'ok', detail: `${least}, of which ${need} are needed` }
    : {
        name: called,
        status: 'missing',
        detail: `${least}, and ${need} are needed. Ask for more: Service Quotas, ${serviceCode}; AWS takes a day or two.`,
      };
}
