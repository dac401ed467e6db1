import { ControlAccessDeniedError, ControlThrottledError } from '@pulselake/aws-clients/stacks';
// eslint-disable-next-line @nx/enforce-module-boundaries -- an app, but the one that says which stack is whose
import { STACKS_OF_APPS } from '@pulselake/infrastructure/stacks-of-apps';
import { describe, expect, it } from 'vitest';
import { appDeployment, DEPLOYABLE } from '../src/apps.js';
import { deployApp } from '../src/deploy-app.js';
import { destroyApp } from '../src/destroy-app.js';
import { FakeAccount, type Script, withLake } from './fakes.js';

const DEV = { environment: 'dev', region: 'eu-central-1' };
const FLINK = appDeployment('window-aggregator', DEV);
const STREAM = 'pulselake-dev-stream';
const UPLOAD = 'pulselake-flink.js upload --bucket artifacts --prefix window-aggregator/ --region eu-central-1';
const START = 'pulselake-flink.js start --application pulselake-dev-window-aggregator --region eu-central-1';
const CONSENT = { yes: true, confirm: 'dev' };

const deploy = (account: FakeAccount, script: Script = {}, deployment = FLINK) =>
  deployApp(deployment, DEV, account.ports(script));

/** The CDK gives the stack another template. */
const changes = (account: FakeAccount) => {
  account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: 'new' });
  return 0;
};

describe('the deployment of an app', () => {
  it('uploads, deploys its stack alone, and starts', async () => {
    const account = withLake();
    await deploy(account, { 'cdk deploy': changes });
    expect(account.did).toEqual([UPLOAD, `cdk deploy ${STREAM}`, START]);
  });

  it('touches no stack of another app, in any environment', () => {
    const owners = new Map<string, string>();
    for (const environment of ['dev', 'prod']) {
      for (const app of DEPLOYABLE) {
        for (const stack of appDeployment(app, { ...DEV, environment }).stacks) {
          expect(owners.get(stack)).toBeUndefined();
          expect(stack.startsWith(`pulselake-${environment}-`)).toBe(true);
          owners.set(stack, app);
        }
      }
    }
    expect(owners.size).toBe(12);
  });

  it('knows the stacks that the infrastructure makes', () => {
    const known = DEPLOYABLE.map((app) => [app, appDeployment(app, DEV).stacks]);
    const made = Object.entries(STACKS_OF_APPS).map(([app, kinds]) => [
      app,
      kinds.map((kind) => `pulselake-dev-${kind}`),
    ]);
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(made));
  });

  it('fails without a lake, before anything is done', async () => {
    const account = new FakeAccount();
    await expect(deploy(account)).rejects.toThrow(/pulselake-dev-lake is not deployed.*nx deploy infrastructure/);
    expect(account.did).toEqual([]);
  });

  it('fails when the upload fails, with everything as it was', async () => {
    const account = withLake();
    await expect(deploy(account, { 'pulselake-flink.js upload': () => 1 })).rejects.toThrow(/Nothing was changed/);
    expect(account.did).toEqual([UPLOAD]);
  });

  it.each([
    ['UPDATE_IN_PROGRESS', /somebody else is changing it/],
    ['UPDATE_ROLLBACK_FAILED', /continue the rollback/],
    ['DELETE_FAILED', /brought to rest/],
  ])('fails while the stack is %s', async (status, message) => {
    const account = withLake();
    account.stacks.set(STREAM, { status, template: 'old' });
    await expect(deploy(account)).rejects.toThrow(message);
    expect(account.did).toEqual([]);
  });

  it('goes on where a first deployment was taken back', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'ROLLBACK_COMPLETE', template: 'old' });
    await deploy(account, { 'cdk deploy': changes });
    expect(account.did).toContain(START);
  });

  it('says what failed when CloudFormation takes a change back, after it has', async () => {
    const account = withLake();
    const failures = [{ resource: 'windowsApplication', reason: 'KPU quota exceeded' }];
    const script: Script = {
      'cdk deploy': (at) => {
        at.stacks.set(STREAM, { status: 'UPDATE_ROLLBACK_COMPLETE', template: 'old', failures });
        const rolling = { name: STREAM, status: 'UPDATE_ROLLBACK_IN_PROGRESS', outputs: {} };
        at.answers = [rolling, rolling];
        return 1;
      },
    };
    await expect(deploy(account, script)).rejects.toThrow(
      /windowsApplication: KPU quota exceeded\. CloudFormation has taken the change back/,
    );
    expect(account.answers).toEqual([]);
    expect(account.did).not.toContain(START);
  });

  it('goes back to the version before when the new one does not start', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: 'old' });
    let starts = 0;
    const script: Script = { 'cdk deploy': changes, 'pulselake-flink.js start': () => (++starts === 1 ? 1 : 0) };
    await expect(deploy(account, script)).rejects.toThrow(/The version before runs again/);
    expect(account.did).toEqual([UPLOAD, `cdk deploy ${STREAM}`, START, `update ${STREAM}`, START]);
    expect(account.stacks.get(STREAM)!.template).toBe('old');
  });

  it('says that neither runs when the version before does not start either', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: 'old' });
    const script: Script = { 'cdk deploy': changes, 'pulselake-flink.js start': () => 1 };
    await expect(deploy(account, script)).rejects.toThrow(/nor does the version before/);
  });

  it('leaves a first version that does not start', async () => {
    const account = withLake();
    const script: Script = { 'cdk deploy': changes, 'pulselake-flink.js start': () => 1 };
    await expect(deploy(account, script)).rejects.toThrow(/no earlier version/);
    expect(account.stacks.get(STREAM)!.template).toBe('new');
  });

  it('fails on a stack that does not come to rest', async () => {
    const account = withLake();
    const script: Script = {
      'cdk deploy': (at) => {
        at.stacks.set(STREAM, { status: 'UPDATE_IN_PROGRESS', template: 'old' });
        return 1;
      },
    };
    await expect(deploy(account, script)).rejects.toThrow(/for more than two and a half hours/);
  });

  it.each([new ControlAccessDeniedError('no right'), new ControlThrottledError('slow down')])(
    'passes on what AWS says: %s',
    async (error) => {
      const account = withLake();
      account.answers = [error];
      await expect(deploy(account)).rejects.toBe(error);
      expect(account.did).toEqual([]);
    },
  );

  it('of the lake makes the lake before what watches it, and uploads nothing', async () => {
    const account = new FakeAccount();
    await deploy(account, {}, appDeployment('infrastructure', DEV));
    expect(account.did).toEqual(['cdk deploy pulselake-dev-lake', 'cdk deploy pulselake-dev-operations']);
  });
});

describe('the removal of an app', () => {
  const destroy = (
    account: FakeAccount,
    script: Script = {},
    app = FLINK,
    consent: Parameters<typeof destroyApp>[2] = CONSENT,
  ) => destroyApp(app, DEV, consent, account.ports(script));
  const removes = (name: string) => (account: FakeAccount) => {
    account.stacks.delete(name);
    return 0;
  };

  it.each([
    { yes: false, confirm: 'dev' },
    { yes: true, confirm: undefined },
    { yes: true, confirm: 'prod' },
  ])('fails unless it is meant: %o', async (consent) => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: '{}' });
    await expect(destroy(account, {}, FLINK, consent)).rejects.toThrow(/--yes --confirm dev/);
    expect(account.did).toEqual([]);
  });

  it('stops the job, then removes its stack alone', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: '{}' });
    await destroy(account, { 'cdk destroy': removes(STREAM) });
    expect(account.did.map((words) => words.split(' ').slice(0, 3).join(' '))).toEqual([
      'pulselake-flink.js stop --application',
      `cdk destroy ${STREAM}`,
    ]);
    expect(account.stacks.has('pulselake-dev-lake')).toBe(true);
  });

  it('fails when the job does not stop, with everything as it was', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: '{}' });
    await expect(destroy(account, { 'pulselake-flink.js stop': () => 1 })).rejects.toThrow(/Nothing was removed/);
  });

  it('does nothing where there is nothing', async () => {
    const account = new FakeAccount();
    await destroy(account);
    expect(account.did).toEqual([]);
  });

  it('of the lake fails while others stand on it', async () => {
    const account = withLake();
    account.stacks.set(STREAM, { status: 'UPDATE_COMPLETE', template: '{}' });
    await expect(destroy(account, {}, appDeployment('infrastructure', DEV))).rejects.toThrow(
      /window-aggregator stands on it/,
    );
    expect(account.did).toEqual([]);
  });

  it('empties the buckets that go with their stack, and no other', async () => {
    const account = new FakeAccount();
    const bucket = (DeletionPolicy?: string) => ({ Type: 'AWS::S3::Bucket', DeletionPolicy });
    const template = {
      Resources: { lake: bucket('Retain'), results: bucket('Delete'), notes: bucket(), key: { Type: 'AWS::KMS::Key' } },
    };
    const made = ['lake', 'results', 'notes', 'key'].map((name) => [name, `pulselake-dev-${name}-42`] as const);
    const LAKE = 'pulselake-dev-lake';
    account.stacks.set(LAKE, {
      status: 'UPDATE_COMPLETE',
      template: JSON.stringify(template),
      resources: new Map(made),
    });
    await destroy(account, { 'cdk destroy': removes(LAKE) }, appDeployment('infrastructure', DEV));
    expect(account.did).toEqual([
      'empty pulselake-dev-results-42',
      'empty pulselake-dev-notes-42',
      `cdk destroy ${LAKE}`,
    ]);
  });

  it('leaves the stack when a bucket cannot be emptied', async () => {
    const account = new FakeAccount();
    account.stacks.set(STREAM, {
      status: 'UPDATE_COMPLETE',
      template: JSON.stringify({ Resources: { b: { Type: 'AWS::S3::Bucket' } } }),
      resources: new Map([['b', 'b']]),
    });
    const script: Script = {
      'empty b': () => {
        throw new Error('S3 denies it.');
      },
    };
    await expect(destroy(account, script)).rejects.toThrow(/S3 denies it/);
    expect(account.did.at(-1)).toBe('empty b');
  });

  it('says what keeps a stack from going', async () => {
    const account = withLake();
    account.stacks.set(STREAM, {
      status: 'DELETE_FAILED',
      template: '{}',
      failures: [{ resource: 'events', reason: 'has consumers' }],
    });
    await expect(destroy(account, { 'cdk destroy': () => 1 })).rejects.toThrow(
      /DELETE_FAILED \(events: has consumers\)/,
    );
  });
});
