import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetDataLakeSettingsCommand, type PrincipalPermissions } from '@aws-sdk/client-lakeformation';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import { ControlAccessDeniedError, ControlError, MissingError } from '../control/errors.js';
import { explainControlError } from '../control/explain-control-error.js';
import type { AccountIdentity, AwsAccount, BucketOwner, LakeFormationDefaults, Parameters, Quota } from './account.js';
import type { AccountClients } from './create-account-clients.js';

/** The SDK's clients by which the account is asked. */
export type SdkAwsAccountOptions = ControlOptions<AccountClients>;

/** Asking goes on for 20 s at most: somebody waits for the answer. */
const RETRY = { baseMs: 200, capMs: 4_000, deadlineMs: 20_000 };

/** More pages than any service has quotas. */
const MAX_PAGES = 50;

/** `AwsAccount` on AWS. It only reads. */
export class SdkAwsAccount implements AwsAccount {
  constructor(private readonly options: SdkAwsAccountOptions) {}

  async identity({ signal }: CallOptions = {}): Promise<AccountIdentity> {
    const { sts } = this.options.client;
    const asked = { service: 'STS', name: 'the caller', needs: 'credentials of an account', signal };
    const region = await regionOf(() => sts.config.region());
    const answer = await this.#call(asked, (call) => sts.send(new GetCallerIdentityCommand({}), call));
    return { account: answer.Account ?? '', arn: answer.Arn ?? '', region };
  }

  async parameters(names: readonly string[], { signal }: CallOptions = {}): Promise<Parameters> {
    const asked = { service: 'Systems Manager', name: names[0] ?? '', needs: 'ssm:GetParameters', signal };
    const answer = await this.#call(asked, (call) =>
      this.options.client.ssm.send(new GetParametersCommand({ Names: [...names] }), call),
    );
    const values = new Map((answer.Parameters ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
    return { values, missing: names.filter((name) => !values.has(name)) };
  }

  async hasRole(name: string, { signal }: CallOptions = {}): Promise<boolean> {
    try {
      await this.#call({ service: 'IAM', name, needs: 'iam:GetRole', signal }, (call) =>
        this.options.client.iam.send(new GetRoleCommand({ RoleName: name }), call),
      );
      return true;
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof Error && cause.name.startsWith('NoSuchEntity')) return false;
      throw error;
    }
  }

  async quotas(serviceCode: string, { signal }: CallOptions = {}): Promise<Quota[]> {
    const found: Quota[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const input = { ServiceCode: serviceCode, ...(token !== undefined && { NextToken: token }) };
      const asked = { service: 'Service Quotas', name: serviceCode, needs: 'servicequotas:ListServiceQuotas', signal };
      const answer = await this.#call(asked, (call) =>
        this.options.client.quotas.send(new ListServiceQuotasCommand(input), call),
      );
      for (const { QuotaName: name, Value: value } of answer.Quotas ?? []) {
        if (name !== undefined && value !== undefined) found.push({ name, value });
      }
      token = answer.NextToken;
      if (token === undefined) return found;
    }
    throw new ControlError(`Service Quotas names more and more quotas of ${serviceCode}: ${found.length} and no end.`);
  }

  async lakeFormation({ signal }: CallOptions = {}): Promise<LakeFormationDefaults> {
    const asked = {
      service: 'Lake Formation',
      name: 'the data lake settings',
      needs: 'lakeformation:GetDataLakeSettings',
      signal,
    };
    const { DataLakeSettings: settings } = await this.#call(asked, (call) =>
      this.options.client.lakeFormation.send(new GetDataLakeSettingsCommand({}), call),
    );
    return {
      databasesByIam: allowsIam(settings?.CreateDatabaseDefaultPermissions),
      tablesByIam: allowsIam(settings?.CreateTableDefaultPermissions),
    };
  }

  async bucketOwner(bucket: string, account: string, { signal }: CallOptions = {}): Promise<BucketOwner> {
    const asked = { service: 'S3', name: bucket, needs: 's3:ListBucket', signal };
    const head = (owner?: string) =>
      this.#call(asked, (call) =>
        this.options.client.s3.send(
          new HeadBucketCommand({ Bucket: bucket, ...(owner !== undefined && { ExpectedBucketOwner: owner }) }),
          call,
        ),
      );
    try {
      await head(account);
      return 'this-account';
    } catch (error) {
      if (error instanceof MissingError) return 'nobody';
      // Another owner, or another region: a name that is taken either way.
      if (error instanceof ControlAccessDeniedError || statusOf(error) === 301) return 'somebody-else';
      throw error;
    }
  }

  // Nothing is changed, so all requests may be repeated.
  #call<T>(
    asked: { service: string; name: string; needs: string; signal: AbortSignal | undefined },
    work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return callService(
      work,
      { ...asked, what: asked.service === 'S3' ? 'bucket' : 'job', isRepeatable: true },
      {
        ...this.options,
        retry: this.options.retry ?? RETRY,
        requestTimeoutMs: this.options.requestTimeoutMs ?? 10_000,
      },
    );
  }
}

async function regionOf(region: () => Promise<string>): Promise<string> {
  try {
    return await region();
  } catch (error) {
    throw explainControlError(error, { service: 'AWS', what: 'job', name: 'the region', needs: 'a region' });
  }
}

function allowsIam(permissions: readonly PrincipalPermissions[] | undefined): boolean {
  return (permissions ?? []).some(
    ({ Principal: principal, Permissions: allowed }) =>
      principal?.DataLakePrincipalIdentifier === 'IAM_ALLOWED_PRINCIPALS' && allowed?.includes('ALL') === true,
  );
}

function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? (error.cause as { $metadata?: { httpStatusCode?: number } }) : undefined;
  return cause?.$metadata?.httpStatusCode;
}
