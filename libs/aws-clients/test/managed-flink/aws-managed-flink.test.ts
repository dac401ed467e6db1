import { describe, expect, it, vi } from 'vitest';
import {
  AwsFlinkSnapshots,
  AwsManagedFlink,
  ConflictError,
  ControlAccessDeniedError,
  ControlCredentialsError,
  ControlDeadlineError,
  ControlRequestError,
  ControlThrottledError,
  ControlUnreachableError,
  isRetryable,
  LimitError,
  MissingError,
} from '../../src/managed-flink/index.js';
import {
  type Answer,
  environment,
  FakeService,
  flinkClientOf,
  type Script,
  timeoutFor,
} from '../support/fake-service.js';

const NAME = 'windows';

const DETAIL = {
  ApplicationARN: 'arn:aws-cn:kinesisanalytics:cn-north-1:123456789012:application/windows',
  ApplicationName: NAME,
  RuntimeEnvironment: 'FLINK-1_20',
  ApplicationStatus: 'RUNNING',
  ApplicationVersionId: 7,
  CloudWatchLoggingOptionDescriptions: [{ LogStreamARN: 'arn:aws-cn:logs:cn-north-1:1:log-group:/g:log-stream:s' }],
  ApplicationConfigurationDescription: {
    ApplicationCodeConfigurationDescription: {
      CodeContentType: 'ZIPFILE',
      CodeContentDescription: {
        CodeSize: 30,
        S3ApplicationCodeLocationDescription: { BucketARN: 'arn:aws-cn:s3:::jars', FileKey: 'a.jar' },
      },
    },
    ApplicationSnapshotConfigurationDescription: { SnapshotsEnabled: true },
    ApplicationSystemRollbackConfigurationDescription: { RollbackEnabled: true },
  },
};

const RUNNING: Answer = { body: { ApplicationDetail: DETAIL } };

async function flinkOn(script: Script) {
  const service = await FakeService.serve(script);
  const options = { client: flinkClientOf(service.url, timeoutFor(script)), ...environment() };
  return { service, flink: new AwsManagedFlink(options), snapshots: new AwsFlinkSnapshots(options), ...options };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('an application', () => {
  it('is described', async () => {
    const { flink, service } = await flinkOn({ DescribeApplication: [RUNNING] });
    expect(await flink.describe(NAME)).toEqual({
      name: NAME,
      arn: DETAIL.ApplicationARN,
      state: 'RUNNING',
      version: 7,
      runtime: 'FLINK-1_20',
      jar: { bucket: 'jars', key: 'a.jar' },
      jarSizeBytes: 30,
      snapshotsEnabled: true,
      rollbackEnabled: true,
      logStreams: ['arn:aws-cn:logs:cn-north-1:1:log-group:/g:log-stream:s'],
    });
    expect(service.inputs('DescribeApplication')).toEqual([{ ApplicationName: NAME }]);
  });

  it('may have no code in S3, no logs, and settings that are not told', async () => {
    const { flink } = await flinkOn({
      DescribeApplication: [
        {
          body: {
            ApplicationDetail: {
              ...DETAIL,
              ApplicationConfigurationDescription: undefined,
              CloudWatchLoggingOptionDescriptions: undefined,
            },
          },
        },
      ],
    });
    const { jar, snapshotsEnabled, rollbackEnabled, logStreams } = await flink.describe(NAME);
    expect({ jar, snapshotsEnabled, rollbackEnabled, logStreams }).toEqual({
      jar: undefined,
      snapshotsEnabled: false,
      rollbackEnabled: false,
      logStreams: [],
    });
  });

  it('is started, changed and stopped by the requests of the service', async () => {
    const { flink, service } = await flinkOn({
      StartApplication: [{ body: { OperationId: 'op-1' } }],
      UpdateApplication: [{ body: { OperationId: 'op-2' } }],
      StopApplication: [{}],
    });
    expect(await flink.start({ application: NAME, restore: { from: 'snapshot', snapshot: 's' } })).toBe('op-1');
    const jar = { bucket: 'jars', key: 'b.jar' };
    const update = { application: NAME, version: 7, jar, partition: 'aws-cn', restore: { from: 'latest' } } as const;
    expect(await flink.updateCode(update)).toBe('op-2');
    expect(await flink.stop({ application: NAME, force: false })).toBeUndefined();
    expect(service.asked.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual([
      {
        ApplicationName: NAME,
        RunConfiguration: {
          ApplicationRestoreConfiguration: {
            ApplicationRestoreType: 'RESTORE_FROM_CUSTOM_SNAPSHOT',
            SnapshotName: 's',
          },
        },
      },
      {
        ApplicationName: NAME,
        CurrentApplicationVersionId: 7,
        ApplicationConfigurationUpdate: {
          ApplicationCodeConfigurationUpdate: {
            CodeContentTypeUpdate: 'ZIPFILE',
            CodeContentUpdate: {
              S3ContentLocationUpdate: { BucketARNUpdate: 'arn:aws-cn:s3:::jars', FileKeyUpdate: 'b.jar' },
            },
          },
        },
        RunConfigurationUpdate: {
          ApplicationRestoreConfiguration: { ApplicationRestoreType: 'RESTORE_FROM_LATEST_SNAPSHOT' },
        },
      },
      { ApplicationName: NAME, Force: false },
    ]);
  });

  it('tells what was done to it, newest first over all pages, and why that failed', async () => {
    const info = (id: string, at: number, status: string) => ({
      Operation: 'StartApplication',
      OperationId: id,
      StartTime: at,
      EndTime: at + 60,
      OperationStatus: status,
    });
    const { flink, service } = await flinkOn({
      ListApplicationOperations: [
        { body: { ApplicationOperationInfoList: [info('a', 1, 'FAILED')], NextToken: 'more' } },
        { body: { ApplicationOperationInfoList: [info('c', 3, 'IN_PROGRESS'), info('b', 2, 'SUCCESSFUL')] } },
      ],
      DescribeApplicationOperation: [
        {
          body: {
            ApplicationOperationInfoDetails: {
              ...info('a', 1, 'FAILED'),
              OperationFailureDetails: { ErrorInfo: { ErrorString: 'no such stream' } },
            },
          },
        },
      ],
    });
    const kind = 'StartApplication';
    expect(await flink.operations(NAME)).toEqual([
      { id: 'c', kind, status: 'IN_PROGRESS', startedMs: 3_000 },
      { id: 'b', kind, status: 'SUCCESSFUL', startedMs: 2_000, endedMs: 62_000 },
      { id: 'a', kind, status: 'FAILED', startedMs: 1_000, endedMs: 61_000 },
    ]);
    expect(service.inputs('ListApplicationOperations')[1]).toMatchObject({ NextToken: 'more' });
    expect(await flink.operation(NAME, 'a')).toMatchObject({ status: 'FAILED', error: 'no such stream' });
  });
});

describe('snapshots', () => {
  const summary = (name: string, at: number) => ({
    SnapshotName: name,
    SnapshotStatus: 'READY',
    ApplicationVersionId: 7,
    SnapshotCreationTimestamp: at,
  });

  it('are listed newest first, over all pages', async () => {
    const { snapshots } = await flinkOn({
      ListApplicationSnapshots: [
        { body: { SnapshotSummaries: [summary('a', 1)], NextToken: 'more' } },
        { body: { SnapshotSummaries: [summary('b', 2)] } },
      ],
    });
    expect(await snapshots.list(NAME)).toEqual([
      { name: 'b', state: 'READY', version: 7, createdMs: 2_000 },
      { name: 'a', state: 'READY', version: 7, createdMs: 1_000 },
    ]);
  });

  it('are found by name, or not', async () => {
    const { snapshots } = await flinkOn({
      DescribeApplicationSnapshot: [
        { body: { SnapshotDetails: summary('a', 1) } },
        { fault: 'ResourceNotFoundException' },
      ],
    });
    expect(await snapshots.find({ application: NAME, snapshot: 'a' })).toMatchObject({ name: 'a', state: 'READY' });
    expect(await snapshots.find({ application: NAME, snapshot: 'b' })).toBeUndefined();
  });

  it('are begun by their name', async () => {
    const { snapshots, service } = await flinkOn({});
    await snapshots.create({ application: NAME, snapshot: 'a' });
    expect(service.inputs('CreateApplicationSnapshot')).toEqual([{ ApplicationName: NAME, SnapshotName: 'a' }]);
  });
});

describe('a request that may succeed later', () => {
  it.each<[string, Answer]>([
    ['throttled', { fault: 'ThrottlingException', message: 'Rate exceeded' }],
    ['of a busy service', { fault: 'ServiceUnavailableException', status: 503 }],
    ['whose connection is cut', 'reset'],
    ['answered by a page', 'page'],
    ['answered by something else', { body: {} }],
    ['answered without a state', { body: { ApplicationDetail: { ApplicationName: NAME } } }],
    ['failed inside the service', { fault: 'InternalFailure', status: 500 }],
  ])('is sent again, after a pause that grows: %s', async (_what, answer) => {
    const { flink, waits } = await flinkOn({ DescribeApplication: [answer, answer, RUNNING] });
    expect((await flink.describe(NAME)).state).toBe('RUNNING');
    expect(waits).toEqual([50, 100]);
  });

  it.each([
    ['by the adapter', { clientMs: 50_000, adapterMs: 60 }],
    ['by the client', { clientMs: 60, adapterMs: 50_000 }],
  ])('is ended when nothing is answered in time: %s', async (_who, { clientMs, adapterMs }) => {
    const service = await FakeService.serve({ DescribeApplication: ['hang', RUNNING] });
    const client = flinkClientOf(service.url, clientMs);
    const flink = new AwsManagedFlink({ client, ...environment(), requestTimeoutMs: adapterMs });
    expect((await flink.describe(NAME)).state).toBe('RUNNING');
    expect(service.asked).toHaveLength(2);
  });

  it('fails when the time is over, with the last failure as cause', async () => {
    const { flink } = await flinkOn({
      DescribeApplication: [{ fault: 'ThrottlingException', message: 'Rate exceeded' }],
    });
    const error = await failureOf(flink.describe(NAME));
    expect(error).toBeInstanceOf(ControlDeadlineError);
    expect(error?.cause).toBeInstanceOf(ControlThrottledError);
    expect(error?.message).toContain('for 120 s');
    expect(error?.message).toContain('Rate exceeded');
  });

  it('fails without advice for programmers when something else answers', async () => {
    const { flink } = await flinkOn({ DescribeApplication: ['page'] });
    const message = (await failureOf(flink.describe(NAME)))?.message;
    expect(message).toContain('is not valid JSON');
    expect(message).not.toContain('Deserialization');
  });

  it('fails when nothing listens', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const client = flinkClientOf('http://127.0.0.1:1');
    const retry = { baseMs: 1, capMs: 1, deadlineMs: 0 };
    const error = await failureOf(new AwsManagedFlink({ client, ...environment(), retry }).describe(NAME));
    vi.unstubAllEnvs();
    expect(error?.cause).toBeInstanceOf(ControlUnreachableError);
  });

  it('ends with the reason of an aborted signal', async () => {
    const { flink } = await flinkOn({ DescribeApplication: ['hang'] });
    const stop = new AbortController();
    const describing = failureOf(flink.describe(NAME, { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 30);
    expect((await describing)?.message).toBe('enough');
    const starting = flink.start({ application: NAME, restore: { from: 'none' } }, { signal: stop.signal });
    expect((await failureOf(starting))?.message).toBe('enough');
  });
});

describe('a request that changes something', () => {
  it('is sent again when it was throttled', async () => {
    const { flink, service } = await flinkOn({ StartApplication: [{ fault: 'ThrottlingException' }, {}] });
    await flink.start({ application: NAME, restore: { from: 'none' } });
    expect(service.asked).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['its connection is cut', 'reset'],
    ['the service fails', { fault: 'InternalFailure', status: 500 }],
  ])('fails, and is sent once, when nobody knows whether it was obeyed: %s', async (_what, answer) => {
    const { flink, service } = await flinkOn({ StartApplication: [answer] });
    const error = await failureOf(flink.start({ application: NAME, restore: { from: 'none' } }));
    expect(error).toBeInstanceOf(ControlUnreachableError);
    expect(service.asked).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each<[string, new (...args: never[]) => Error, RegExp]>([
    ['ResourceNotFoundException', MissingError, /There is no application "windows".*Check the name/],
    ['AccessDeniedException', ControlAccessDeniedError, /It needs kinesisanalytics:StartApplication\./],
    ['ExpiredTokenException', ControlCredentialsError, /Sign in/],
    ['UnrecognizedClientException', ControlCredentialsError, /Sign in/],
    ['ConcurrentModificationException', ConflictError, /"windows" cannot be changed just now/],
    ['ResourceInUseException', ConflictError, /"windows" cannot be changed just now/],
    ['LimitExceededException', LimitError, /Service Quotas/],
    ['InvalidApplicationConfigurationException', ControlRequestError, /refuses the request for "windows"/],
    ['InvalidArgumentException', ControlRequestError, /refuses the request for "windows"/],
  ])('%s is told as what it means, once', async (fault, type, message) => {
    const { flink, service } = await flinkOn({ StartApplication: [{ fault }] });
    const error = await failureOf(flink.start({ application: NAME, restore: { from: 'none' } }));
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain('said the service');
    expect(isRetryable(error)).toBe(false);
    expect(service.asked).toHaveLength(1);
  });
});
