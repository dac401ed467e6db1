import type { CallOptions } from '../control/call-service.js';

/** Who asks, and where. */
export interface AccountIdentity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

/** A quota as it applies to the account. */
export interface Quota {
  readonly name: string;
  readonly value: number;
}

/** Parameters of the Parameter Store: those that are there, and the names of the others. */
export interface Parameters {
  readonly values: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

/** Whose a bucket name is. */
export type BucketOwner = 'nobody' | 'this-account' | 'somebody-else';

/** Whether new databases and tables are open to everybody whom IAM allows, or only to whom Lake Formation does. */
export interface LakeFormationDefaults {
  readonly databasesByIam: boolean;
  readonly tablesByIam: boolean;
}

/** What can be asked about an AWS account before something is deployed to it. Each call rejects with a `ControlError`. */
export interface AwsAccount {
  identity(options?: CallOptions): Promise<AccountIdentity>;
  /** @param names at most 10 */
  parameters(names: readonly string[], options?: CallOptions): Promise<Parameters>;
  /** Whether there is a role of that name. */
  hasRole(name: string, options?: CallOptions): Promise<boolean>;
  /** All quotas of a service, by the code that Service Quotas has for it. */
  quotas(serviceCode: string, options?: CallOptions): Promise<Quota[]>;
  lakeFormation(options?: CallOptions): Promise<LakeFormationDefaults>;
  /** @param account the account that asks */
  bucketOwner(bucket: string, account: string, options?: CallOptions): Promise<BucketOwner>;
}
