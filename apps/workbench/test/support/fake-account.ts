import type {
  AccountIdentity,
  AwsAccount,
  BucketOwner,
  LakeFormationDefaults,
  Parameters,
  Quota,
} from '@pulselake/aws-clients/account';

/** What a fake account answers; a failure instead of an answer is thrown. */
export interface AccountWorld {
  identity: AccountIdentity | Error;
  parameters: ReadonlyMap<string, string> | Error;
  roles: ReadonlySet<string> | Error;
  quotas: Readonly<Record<string, readonly Quota[]>> | Error;
  lakeFormation: LakeFormationDefaults | Error;
  buckets: Readonly<Record<string, BucketOwner>> | Error;
}

const region = 'us-east-1';
const service = (name: string) => `/aws/service/global-infrastructure/regions/${region}/services/${name}`;

/** An account that has all that a deployment needs. */
export function readyAccount(): AccountWorld {
  const services = ['athena', 'emr-serverless', 'firehose', 'glue', 'grafana', 'kinesis', 'kinesisanalytics', 'states'];
  return {
    identity: { account: '123456789012', arn: 'arn:aws:iam::123456789012:role/deployer', region },
    parameters: new Map([
      ['/cdk-bootstrap/hnb659fds/version', '27'],
      ...services.map((name) => [service(name), name] as const),
    ]),
    roles: new Set(['AWSServiceRoleForAmazonEMRServerless', 'AWSServiceRoleForAmazonGrafana']),
    quotas: {
      kinesis: [
        { name: 'On-demand data streams', value: 1 },
        { name: 'Shards per Region', value: 500 },
      ],
      kinesisanalytics: [{ name: 'Kinesis Processing Units (KPUs)', value: 64 }],
      'emr-serverless': [{ name: 'Max concurrent vCPUs per account', value: 16 }],
      glue: [{ name: 'Max task DPUs per account', value: 300 }],
    },
    lakeFormation: { databasesByIam: true, tablesByIam: true },
    buckets: {},
  };
}

/** Without the parameter of one service. */
export function withoutParameter(world: AccountWorld, ending: string): AccountWorld {
  const parameters = world.parameters as ReadonlyMap<string, string>;
  return { ...world, parameters: new Map([...parameters].filter(([name]) => !name.endsWith(ending))) };
}

/** An account that answers what it is told. */
export class FakeAccount implements AwsAccount {
  calls = 0;

  constructor(private readonly world: AccountWorld) {}

  identity(): Promise<AccountIdentity> {
    return this.#answer(this.world.identity, (identity) => identity);
  }

  parameters(names: readonly string[]): Promise<Parameters> {
    return this.#answer(this.world.parameters, (all) => ({
      values: new Map([...all].filter(([name]) => names.includes(name))),
      missing: names.filter((name) => !all.has(name)),
    }));
  }

  hasRole(name: string): Promise<boolean> {
    return this.#answer(this.world.roles, (roles) => roles.has(name));
  }

  quotas(serviceCode: string): Promise<Quota[]> {
    return this.#answer(this.world.quotas, (quotas) => [...(quotas[serviceCode] ?? [])]);
  }

  lakeFormation(): Promise<LakeFormationDefaults> {
    return this.#answer(this.world.lakeFormation, (defaults) => defaults);
  }

  bucketOwner(bucket: string): Promise<BucketOwner> {
    return this.#answer(this.world.buckets, (buckets) => buckets[bucket] ?? 'nobody');
  }

  #answer<T, R>(answer: T | Error, read: (answer: T) => R): Promise<R> {
    this.calls++;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(read(answer));
  }
}
