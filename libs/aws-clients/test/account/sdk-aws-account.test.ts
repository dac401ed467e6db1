import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ControlAccessDeniedError,
  ControlCredentialsError,
  ControlDeadlineError,
  createAccountClients,
  SdkAwsAccount,
} from '../../src/account/index.js';
import { type Answer, environment, FakeService, type Script } from '../support/fake-service.js';

async function accountOn(script: Script) {
  const service = await FakeService.serve(script);
  const client = createAccountClients({ endpoint: service.url, region: 'us-east-1', requestTimeoutMs: 300 });
  onTestFinished(() => client.destroy());
  return { service, account: new SdkAwsAccount({ client, ...environment(), requestTimeoutMs: 300 }) };
}

const ACCOUNT = '123456789012';
const identityXml = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/a</Arn><UserId>X</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const iamError = (code: string, status: number): Answer => ({
  status,
  xml: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>said IAM</Message></Error></ErrorResponse>`,
});
const roleXml = `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path><RoleName>R</RoleName><RoleId>I</RoleId><Arn>arn:aws:iam::${ACCOUNT}:role/R</Arn><CreateDate>2024-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`;

describe('an AWS account', () => {
  it('says who asks, and where', async () => {
    const { account } = await accountOn({ POST: [{ body: identityXml }] });
    expect(await account.identity()).toEqual({
      account: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:user/a`,
      region: 'us-east-1',
    });
  });

  it('fails on credentials that have expired, and says to sign in', async () => {
    const { account } = await accountOn({ POST: [iamError('ExpiredToken', 403)] });
    const error = await account.identity().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ControlCredentialsError);
    expect((error as Error).message).toContain('Sign in (aws sso login)');
  });

  it('fails on an answer of something else, and does not speak of buckets', async () => {
    const { account } = await accountOn({ POST: [iamError('NotFound', 404)] });
    await expect(account.identity()).rejects.toThrow('STS refuses the request for "the caller"');
  });

  it('tells which parameters there are', async () => {
    const { account, service } = await accountOn({
      GetParameters: [{ body: { Parameters: [{ Name: '/a', Value: '27' }], InvalidParameters: ['/b'] } }],
    });
    expect(await account.parameters(['/a', '/b'])).toEqual({ values: new Map([['/a', '27']]), missing: ['/b'] });
    expect(service.inputs('GetParameters')).toEqual([{ Names: ['/a', '/b'] }]);
  });

  it('tells whether there is a role', async () => {
    const { account } = await accountOn({ POST: [{ body: roleXml }, iamError('NoSuchEntity', 404)] });
    expect(await account.hasRole('R')).toBe(true);
    expect(await account.hasRole('R')).toBe(false);
  });

  it('reads all pages of the quotas', async () => {
    const page = (name: string, more: object): Answer => ({
      body: { Quotas: [{ QuotaName: name, Value: 5 }], ...more },
    });
    const { account, service } = await accountOn({
      ListServiceQuotas: [page('one', { NextToken: 't' }), page('two', {})],
    });
    expect(await account.quotas('kinesis')).toEqual([
      { name: 'one', value: 5 },
      { name: 'two', value: 5 },
    ]);
    expect(service.inputs('ListServiceQuotas')).toEqual([
      { ServiceCode: 'kinesis' },
      { ServiceCode: 'kinesis', NextToken: 't' },
    ]);
  });

  it('fails instead of reading pages without end', async () => {
    const { account } = await accountOn({ ListServiceQuotas: [{ body: { Quotas: [], NextToken: 't' } }] });
    await expect(account.quotas('kinesis')).rejects.toThrow('no end');
  });

  it('tells what Lake Formation leaves to IAM', async () => {
    const open = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }];
    const settings = { CreateDatabaseDefaultPermissions: open, CreateTableDefaultPermissions: [] };
    const { account } = await accountOn({ POST: [{ body: { DataLakeSettings: settings } }] });
    expect(await account.lakeFormation()).toEqual({ databasesByIam: true, tablesByIam: false });
  });

  it.each([
    [200, 'this-account'],
    [404, 'nobody'],
    [403, 'somebody-else'],
    [301, 'somebody-else'],
  ] as const)('takes a bucket that answers %i for that of %s', async (status, owner) => {
    const { account, service } = await accountOn({ HEAD: [status === 200 ? {} : { status, xml: '' }] });
    expect(await account.bucketOwner('b', ACCOUNT)).toBe(owner);
    expect(service.asked[0]?.headers['x-amz-expected-bucket-owner']).toBe(ACCOUNT);
  });

  it('tries again when it is throttled', async () => {
    const throttled: Answer = { fault: 'ThrottlingException' };
    const { account, service } = await accountOn({ GetParameters: [throttled, throttled, { body: {} }] });
    expect(await account.parameters(['/a'])).toEqual({ values: new Map(), missing: ['/a'] });
    expect(service.asked).toHaveLength(3);
  });

  it.each(['hang', 'reset', { fault: 'ThrottlingException' }] as Answer[])(
    'fails within its deadline when every answer is %j',
    async (answer) => {
      const { account } = await accountOn({ GetParameters: [answer] });
      // The clock moves by waiting only, so the deadline is reached by pauses.
      const error = await account.parameters(['/a']).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ControlDeadlineError);
      expect((error as Error).message).toContain('Systems Manager could not be asked about "/a" for 20 s');
    },
  );

  it('fails when it is denied, and names the right that it needs', async () => {
    const { account } = await accountOn({ ListServiceQuotas: [{ fault: 'AccessDeniedException' }] });
    const error = await account.quotas('glue').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ControlAccessDeniedError);
    expect((error as Error).message).toContain('servicequotas:ListServiceQuotas');
  });
});
