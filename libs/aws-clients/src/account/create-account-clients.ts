import { IAMClient } from '@aws-sdk/client-iam';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { serviceClientConfiguration, type ServiceClientOptions } from '../sdk/service-client-options.js';

/** The SDK's clients that `SdkAwsAccount` asks. */
export interface AccountClients {
  readonly sts: STSClient;
  readonly ssm: SSMClient;
  readonly iam: IAMClient;
  readonly quotas: ServiceQuotasClient;
  readonly lakeFormation: LakeFormationClient;
  readonly s3: S3Client;
  /** Ends all connections. */
  destroy(): void;
}

/**
 * The SDK's clients as this library wants them: HTTP/1.1, requests that end after 10 s, and no attempts of their own.
 * Credentials come from the SDK's default chain and from nowhere else.
 */
export function createAccountClients(options: ServiceClientOptions = {}): AccountClients {
  const configuration = () => serviceClientConfiguration(options, { requestTimeoutMs: 10_000, maxSockets: 4 });
  const clients = {
    sts: new STSClient(configuration()),
    ssm: new SSMClient(configuration()),
    iam: new IAMClient(configuration()),
    quotas: new ServiceQuotasClient(configuration()),
    lakeFormation: new LakeFormationClient(configuration()),
    s3: new S3Client({ ...configuration(), ...(options.endpoint !== undefined && { forcePathStyle: true }) }),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
