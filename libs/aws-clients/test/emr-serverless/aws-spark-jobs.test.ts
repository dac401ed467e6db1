import { describe, expect, it } from 'vitest';
import {
  AwsSparkJobs,
  ConflictError,
  ControlAccessDeniedError,
  ControlDeadlineError,
  ControlRequestError,
  IdempotencyConflictError,
  LimitError,
  MissingError,
  startSparkRunRequest,
} from '../../src/emr-serverless/index.js';
import {
  type Answer,
  emrClientOf,
  environment,
  FakeService,
  type Script,
  timeoutFor,
} from '../support/fake-service.js';

const APPLICATION = '00f1abcdefg';
const START = {
  application: APPLICATION,
  clientToken: 't-1',
  executionRoleArn: 'arn:aws:iam::123456789012:role/traffic',
  name: 'traffic-report 2024-04-30',
  entryPoint: 's3://artifacts/main.py',
  entryPointArguments: ['--date', '2024-04-30'],
  pyFiles: ['s3://artifacts/a.zip', 's3://artifacts/b.zip'],
  conf: { 'spark.executor.cores': '1' },
  timeoutMinutes: 60,
  logs: { s3Uri: 's3://logs/', cloudWatchGroup: '/pulselake' },
};
const STARTED: Answer = { body: { applicationId: APPLICATION, jobRunId: '00r1', arn: 'arn' } };
const RUN = {
  applicationId: APPLICATION,
  jobRunId: '00r1',
  state: 'RUNNING',
  stateDetails: '',
  createdAt: 1_714_566_600,
};

async function emrOn(script: Script) {
  const service = await FakeService.serve(script);
  const world = environment();
  return {
    service,
    spark: new AwsSparkJobs({ client: emrClientOf(service.url, timeoutFor(script)), ...world }),
    ...world,
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('a run', () => {
  it('is started with its token, its files and its settings', async () => {
    const { spark, service } = await emrOn({ POST: [STARTED] });
    expect(await spark.startRun(START)).toBe('00r1');
    expect(service.asked[0]?.path).toBe(`/applications/${APPLICATION}/jobruns`);
    expect(service.inputs('POST')).toEqual([
      {
        clientToken: 't-1',
        executionRoleArn: START.executionRoleArn,
        name: START.name,
        executionTimeoutMinutes: 60,
        jobDriver: {
          sparkSubmit: {
            entryPoint: 's3://artifacts/main.py',
            entryPointArguments: ['--date', '2024-04-30'],
            sparkSubmitParameters: '--py-files s3://artifacts/a.zip,s3://artifacts/b.zip --conf spark.executor.cores=1',
          },
        },
        configurationOverrides: {
          monitoringConfiguration: {
            s3MonitoringConfiguration: { logUri: 's3://logs/' },
            cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '/pulselake' },
          },
        },
      },
    ]);
  });

  it('is started with the same token again when its answer was lost', async () => {
    const { spark, service } = await emrOn({ POST: ['reset', 'hang', { fault: 'ThrottlingException' }, STARTED] });
    expect(await spark.startRun(START)).toBe('00r1');
    const tokens = service.inputs('POST').map((input) => (input as { clientToken: string }).clientToken);
    expect(tokens).toEqual(['t-1', 't-1', 't-1', 't-1']);
  });

  it.each([
    ['a space in a setting', { conf: { 'spark.app.name': 'two words' } }],
    ['a quote in the name of a file', { pyFiles: ['s3://a/"b".zip'] }],
  ])('fails before anything is sent: %s', async (_what, more) => {
    const { spark, service } = await emrOn({});
    const error = await failureOf(spark.startRun({ ...START, ...more }));
    expect(error).toBeInstanceOf(ControlRequestError);
    expect(error?.message).toContain('Leave out spaces, quotes and backslashes.');
    expect(service.asked).toEqual([]);
  });

  it('is as small as can be when nothing is asked', () => {
    const { application, clientToken, executionRoleArn, entryPoint } = START;
    const request = { application, clientToken, executionRoleArn, entryPoint, entryPointArguments: [] };
    expect(startSparkRunRequest(request)).toEqual({
      applicationId: APPLICATION,
      clientToken: 't-1',
      executionRoleArn,
      jobDriver: { sparkSubmit: { entryPoint } },
    });
  });

  it('is described', async () => {
    const { spark, service } = await emrOn({
      GET: [
        {
          body: {
            jobRun: {
              ...RUN,
              name: 'n',
              state: 'FAILED',
              stateDetails: 'no rights',
              endedAt: 1_714_566_660,
              billedResourceUtilization: { vCPUHour: 0.1, memoryGBHour: 0.2 },
              configurationOverrides: {
                monitoringConfiguration: {
                  cloudWatchLoggingConfiguration: { enabled: true, logStreamNamePrefix: 'p' },
                },
              },
            },
          },
        },
      ],
    });
    expect(await spark.getRun({ application: APPLICATION, id: '00r1' })).toEqual({
      application: APPLICATION,
      id: '00r1',
      name: 'n',
      state: 'FAILED',
      details: 'no rights',
      createdMs: 1_714_566_600_000,
      endedMs: 1_714_566_660_000,
      vcpuHours: 0.1,
      memoryGbHours: 0.2,
      logs: { cloudWatchGroup: '/aws/emr-serverless', cloudWatchPrefix: 'p' },
    });
    expect(service.asked[0]?.path).toBe(`/applications/${APPLICATION}/jobruns/00r1`);
  });

  it('is listed over all pages, newest first and no more than asked', async () => {
    const summary = (id: string, createdAt: number) => ({ ...RUN, id, createdAt });
    const { spark, service } = await emrOn({
      GET: [
        { body: { jobRuns: [summary('a', 1), summary('c', 3)], nextToken: 'more' } },
        { body: { jobRuns: [summary('b', 2)] } },
      ],
    });
    expect((await spark.listRuns(APPLICATION, 3)).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(service.asked[1]?.path).toContain('nextToken=more');
    expect(service.asked[1]?.path).toContain('maxResults=1');
  });
});

describe('cancelling', () => {
  const VALIDATION: Answer = { fault: 'ValidationException', message: 'the job run has ended' };

  it('asks the run to end', async () => {
    const { spark, service } = await emrOn({ DELETE: [{ body: { applicationId: APPLICATION, jobRunId: '00r1' } }] });
    await spark.cancelRun({ application: APPLICATION, id: '00r1' });
    expect(service.asked[0]?.path).toBe(`/applications/${APPLICATION}/jobruns/00r1`);
  });

  it('leaves a run that has ended alone', async () => {
    const { spark } = await emrOn({ DELETE: [VALIDATION], GET: [{ body: { jobRun: { ...RUN, state: 'SUCCESS' } } }] });
    await spark.cancelRun({ application: APPLICATION, id: '00r1' });
  });

  it('fails when the run goes on', async () => {
    const { spark } = await emrOn({ DELETE: [VALIDATION], GET: [{ body: { jobRun: RUN } }] });
    const error = await failureOf(spark.cancelRun({ application: APPLICATION, id: '00r1' }));
    expect(error).toBeInstanceOf(ControlRequestError);
  });
});

describe('a refusal', () => {
  it.each<[string, Answer, new (...args: never[]) => Error, RegExp]>([
    ['no such application', { fault: 'ResourceNotFoundException', status: 404 }, MissingError, /no application "00f1/],
    [
      'no right',
      { fault: 'AccessDeniedException', status: 403 },
      ControlAccessDeniedError,
      /It needs emr-serverless:StartJobRun and iam:PassRole/,
    ],
    [
      'the same token for another request',
      { fault: 'ConflictException', status: 409, message: 'Idempotency token used with different parameters' },
      IdempotencyConflictError,
      /The client token "t-1" came with another request before/,
    ],
    [
      'an application that is being deleted',
      { fault: 'ConflictException', status: 409, message: 'the application is TERMINATED' },
      ConflictError,
      /cannot be changed just now: the application is TERMINATED/,
    ],
    ['a quota', { fault: 'ServiceQuotaExceededException', status: 402 }, LimitError, /Service Quotas/],
    ['nonsense', { fault: 'ValidationException' }, ControlRequestError, /said the service/],
    ['a fault of the service', { fault: 'InternalServerException', status: 500 }, ControlDeadlineError, /for 120 s/],
    ['a page of a portal', 'page', ControlDeadlineError, /EMR Serverless/],
    ['an answer without an id', { body: {} }, ControlDeadlineError, /not one of EMR Serverless/],
  ])('is told as what it means: %s', async (_what, answer, type, message) => {
    const { spark } = await emrOn({ POST: [answer] });
    const error = await failureOf(spark.startRun(START));
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
  });

  it('names the run that there is not', async () => {
    const { spark } = await emrOn({ GET: [{ fault: 'ResourceNotFoundException', status: 404 }] });
    const error = await failureOf(spark.getRun({ application: APPLICATION, id: '00r9' }));
    expect(error?.message).toContain('There is no run "00r9"');
  });
});
