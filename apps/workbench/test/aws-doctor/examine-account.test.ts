import { describe, expect, test } from 'vitest';
import type { CapacityNeeds } from '../../src/aws-doctor/check.js';
import { examineAccount, isReady } from '../../src/aws-doctor/examine-account.js';
import { type AccountWorld, FakeAccount, readyAccount, withoutParameter } from '../support/fake-account.js';

const NEEDS: CapacityNeeds = { shards: 3, kpus: 2, vcpus: 2, dpus: 1 };
const bucketsOf = ({ account, region }: { account: string; region: string }) => [
  `pulselake-dev-lake-${account}-${region}`,
];
const LAKE = 'pulselake-dev-lake-123456789012-us-east-1';

const examine = async (changed: Partial<AccountWorld>, needs = NEEDS) =>
  examineAccount(new FakeAccount({ ...readyAccount(), ...changed }), { bucketsOf, needs });

describe('an account that has everything', () => {
  test('is ready, and each check says what it found', async () => {
    const findings = await examine({});
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(isReady(findings)).toBe(true);
    const details = findings.map(({ name, detail }) => `${name}: ${detail}`);
    expect(details).toContain('credentials: arn:aws:iam::123456789012:role/deployer, account 123456789012');
    expect(details).toContain('quota of Kinesis shards: 500, of which 3 are needed');
    expect(details).toContain(`bucket ${LAKE}: the name is free`);
  });

  test('may have its buckets already', async () => {
    expect(isReady(await examine({ buckets: { [LAKE]: 'this-account' } }))).toBe(true);
  });
});

describe('what an account lacks', () => {
  test.each<[string, Partial<AccountWorld>, string, string]>([
    [
      'bootstrap',
      withoutParameter(readyAccount(), '/version'),
      'CDK bootstrap',
      'not done in us-east-1. Run npx cdk bootstrap aws://123456789012/us-east-1, once per region.',
    ],
    [
      'a bootstrap that is new enough',
      {
        parameters: new Map([
          ...(readyAccount().parameters as Map<string, string>),
          ['/cdk-bootstrap/hnb659fds/version', '20'],
        ]),
      },
      'CDK bootstrap',
      'version 20 is too old; 21 is needed.',
    ],
    [
      'a service',
      withoutParameter(readyAccount(), 'services/emr-serverless'),
      'services',
      'us-east-1 has no EMR Serverless. Deploy to another region',
    ],
    [
      'a service-linked role',
      { roles: new Set(['AWSServiceRoleForAmazonGrafana']) },
      'role AWSServiceRoleForAmazonEMRServerless',
      'aws iam create-service-linked-role --aws-service-name ops.emr-serverless.amazonaws.com',
    ],
    [
      'IAM access to new tables',
      { lakeFormation: { databasesByIam: true, tablesByIam: false } },
      'Lake Formation',
      'new tables are closed but to whom Lake Formation allows them',
    ],
    [
      'a name for its bucket',
      { buckets: { [LAKE]: 'somebody-else' as const } },
      `bucket ${LAKE}`,
      'somebody else has the name',
    ],
  ])('fails without %s, and says what to do', async (_what, changed, name, detail) => {
    const findings = await examine(changed);
    const bad = findings.filter(({ status }) => status !== 'ok');
    expect(bad).toEqual([{ name, status: 'missing', detail: expect.stringContaining(detail) as string }]);
    expect(isReady(findings)).toBe(false);
  });

  test.each([
    ['kinesis', 'Shards per Region', { ...NEEDS, shards: 501 }, 'quota of Kinesis shards'],
    ['kinesisanalytics', 'Kinesis Processing Units (KPUs)', { ...NEEDS, kpus: 65 }, 'quota of Flink KPUs'],
    ['emr-serverless', 'Max concurrent vCPUs per account', { ...NEEDS, vcpus: 17 }, 'quota of EMR Serverless vCPUs'],
    ['glue', 'Max task DPUs per account', { ...NEEDS, dpus: 301 }, 'quota of Glue DPUs'],
  ])('fails when the quota of %s is one too small', async (service, _name, needs, name) => {
    const findings = await examine({}, needs);
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([
      {
        name,
        status: 'missing',
        detail: expect.stringMatching(new RegExp(`needed. Ask for more: Service Quotas, ${service}`)) as string,
      },
    ]);
  });

  test('a quota that Service Quotas does not name is not taken for enough', async () => {
    const findings = await examine({ quotas: { ...(readyAccount().quotas as object), glue: [] } });
    expect(findings.filter(({ status }) => status !== 'ok').map(({ name, status }) => [name, status])).toEqual([
      ['quota of Glue DPUs', 'unknown'],
    ]);
    expect(isReady(findings)).toBe(false);
  });

  test('Managed Grafana is advice: dashboards can be hosted elsewhere', async () => {
    const withoutGrafana = withoutParameter(readyAccount(), 'services/grafana');
    const findings = await examine({ ...withoutGrafana, roles: new Set(['AWSServiceRoleForAmazonEMRServerless']) });
    expect(findings.filter(({ status }) => status === 'advice')).toHaveLength(2);
    expect(isReady(findings)).toBe(true);
  });
});

describe('what cannot be asked', () => {
  test('fails on credentials alone when there are none, and asks nothing else', async () => {
    const account = new FakeAccount({
      ...readyAccount(),
      identity: new Error('The AWS credentials cannot be used: expired. Sign in (aws sso login).'),
    });
    const findings = await examineAccount(account, { bucketsOf, needs: NEEDS });
    expect(findings).toEqual([
      {
        name: 'credentials',
        status: 'missing',
        detail: 'The AWS credentials cannot be used: expired. Sign in (aws sso login).',
      },
    ]);
    expect(account.calls).toBe(1);
    expect(isReady(findings)).toBe(false);
  });

  test.each(['parameters', 'roles', 'quotas', 'lakeFormation', 'buckets'] as const)(
    'fails when asking for %s is denied or throttled, and checks the rest',
    async (what) => {
      for (const error of [
        new Error('AWS does not allow this: it needs a right.'),
        new Error('could not be asked for 20 s (9 attempts): throttled'),
      ]) {
        const findings = await examine({ [what]: error });
        const unknown = findings.filter(({ status }) => status === 'unknown');
        expect(unknown.length).toBeGreaterThan(0);
        expect(unknown.every(({ detail }) => detail === error.message)).toBe(true);
        expect(findings.length - unknown.length).toBeGreaterThan(4);
        expect(isReady(findings)).toBe(false);
      }
    },
  );

  test('ends at once when it is given up', async () => {
    const account = new FakeAccount({ ...readyAccount(), lakeFormation: new Error('aborted') });
    const signal = AbortSignal.abort();
    await expect(examineAccount(account, { bucketsOf, needs: NEEDS, signal })).rejects.toThrow('abort');
  });
});
