import type { AccountIdentity, AwsAccount } from '@pulselake/aws-clients/account';

/** How a check of an account ended. `unknown`: it could not be asked, so nothing is proved. */
export type FindingStatus = 'ok' | 'advice' | 'missing' | 'unknown';

/** What a check found. */
export interface Finding {
  readonly name: string;
  readonly status: FindingStatus;
  /** What is so, and what to do about it. */
  readonly detail: string;
}

/** What the checks of an account have to know. */
export interface AccountQuestion {
  readonly account: AwsAccount;
  readonly identity: AccountIdentity;
  /** The names of the buckets that the deployment makes. */
  readonly buckets: readonly string[];
  readonly needs: CapacityNeeds;
  readonly signal?: AbortSignal;
}

/** What the deployment will take of what is rationed. */
export interface CapacityNeeds {
  readonly shards: number;
  readonly kpus: number;
  readonly vcpus: number;
  readonly dpus: number;
}

/** Asks an account one thing. Never rejects but for the signal. */
export type AccountCheck = (question: AccountQuestion) => Promise<Finding[]>;
