import { describe, expect, it } from 'vitest';
import {
  AwsGlueJobs,
  ConcurrencyLimitError,
  ControlAccessDeniedError,
  ControlDeadlineError,
  ControlRequestError,
  ControlThrottledError,
  ControlUnreachableError,
  IdempotencyConflictError,
  isRetryable,
  LimitError,
  MissingError,
} from '../../src/glue/index.js';
import {
  type Answer,
  environment,
  FakeService,
  glueClientOf,
  type Script,
  timeoutFor,
} from '../support/fake-service.js';

const JOB = 'metrics-etl';
const START = { job: JOB, clientToken: 't-1', arguments: { '--lake': 's3://lake' } };
const ARGUMENTS = { '--lake': 's3://lake', '--client-token': 't-1' };
const NONE: Answer = { body: { JobRuns: [] } };

const runs = (...found: readonly object[]): Answer => ({ body: { JobRuns: found } });
const run = (id: string, more: object = {}) => ({ Id: id, JobRunState: 'RUNNING', Arguments: ARGUMENTS, ...more });

async function glueOn(script: Script) {
  const service = await FakeService.serve(script);
  const world = environment();
  return {
    service,
    glue: new AwsGlueJobs({ client: glueClientOf(service.url, timeoutFor(script)), ...world }),
    ...world,
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

const starts = (service: FakeService) => service.inputs('StartJobRun');

describe('a run', () => {
  it('is started with its token among its arguments', async () => {
    const { glue, service } = await glueOn({ GetJobRuns: [NONE], StartJobRun: [{ body: { JobRunId: 'jr_1' } }] });
    expect(await glue.startRun({ ...START, maxCapacityDpu: 0.0625, timeoutMinutes: 60 })).toBe('jr_1');
    expect(starts(service)).toEqual([{ JobName: JOB, Arguments: ARGUMENTS, MaxCapacity: 0.0625, Timeout: 60 }]);
  });

  it('is not started again when one has the token', async () => {
    const { glue, service } = await glueOn({ GetJobRuns: [runs(run('jr_7'))] });
    expect(await glue.startRun(START)).toBe('jr_7');
    expect(starts(service)).toEqual([]);
  });

  it('is looked for on all pages', async () => {
    const { glue } = await glueOn({
      GetJobRuns: [
        { body: { JobRuns: [run('jr_8', { Arguments: {} })], NextToken: 'more' } },
        { body: { JobRuns: [run('jr_7')] } },
      ],
    });
    expect(await glue.startRun(START)).toBe('jr_7');
  });

  it('fails when the token came with other arguments', async () => {
    const { glue, service } = await glueOn({ GetJobRuns: [runs(run('jr_7'))] });
    const error = await failureOf(glue.startRun({ ...START, arguments: { '--lake': 's3://other' } }));
    expect(error).toBeInstanceOf(IdempotencyConflictError);
    expect(error?.message).toContain('the run jr_7 of "metrics-etl" has --lake s3://lake, not s3://other');
    expect(starts(service)).toEqual([]);
  });

  it('is found by its token when the answer to its start was lost', async () => {
    const { glue, service, waits } = await glueOn({ GetJobRuns: [NONE, runs(run('jr_1'))], StartJobRun: ['reset'] });
    expect(await glue.startRun(START)).toBe('jr_1');
    expect(starts(service)).toHaveLength(1);
    expect(waits).toEqual([5_000]);
  });

  it('is started again when it did not come to be', async () => {
    const { glue, service } = await glueOn({
      GetJobRuns: [NONE],
      StartJobRun: [{ fault: 'InternalServiceException', status: 500 }, { body: { JobRunId: 'jr_1' } }],
    });
    expect(await glue.startRun(START)).toBe('jr_1');
    expect(starts(service)).toHaveLength(2);
  });

  it('is found when the run that was begun is in the way of the second start', async () => {
    const { glue } = await glueOn({
      GetJobRuns: [NONE, NONE, runs(run('jr_1'))],
      StartJobRun: ['hang', { fault: 'ConcurrentRunsExceededException' }],
    });
    expect(await glue.startRun(START)).toBe('jr_1');
  });

  it('is given up after three starts that nobody answers', async () => {
    const { glue, service } = await glueOn({ GetJobRuns: [NONE], StartJobRun: ['reset'] });
    expect(await failureOf(glue.startRun(START))).toBeInstanceOf(ControlUnreachableError);
    expect(starts(service)).toHaveLength(3);
  });

  it('is started later when Glue is busy', async () => {
    const { glue, waits } = await glueOn({
      GetJobRuns: [NONE],
      StartJobRun: [{ fault: 'ThrottlingException' }, { body: { JobRunId: 'jr_1' } }],
    });
    expect(await glue.startRun(START)).toBe('jr_1');
    expect(waits).toEqual([50]);
  });

  it('is described', async () => {
    const { glue } = await glueOn({
      GetJobRun: [
        {
          body: {
            JobRun: run('jr_1', {
              JobRunState: 'FAILED',
              StartedOn: 1_714_566_600,
              CompletedOn: 1_714_566_660.5,
              ExecutionTime: 55,
              MaxCapacity: 0.0625,
              ErrorMessage: 'SystemExit: 1',
              LogGroupName: '/aws-glue/python-jobs',
            }),
          },
        },
      ],
    });
    expect(await glue.getRun({ job: JOB, id: 'jr_1' })).toEqual({
      job: JOB,
      id: 'jr_1',
      state: 'FAILED',
      arguments: ARGUMENTS,
      startedMs: 1_714_566_600_000,
      endedMs: 1_714_566_660_500,
      executionSeconds: 55,
      maxCapacityDpu: 0.0625,
      error: 'SystemExit: 1',
      logGroup: '/aws-glue/python-jobs',
    });
  });

  it('is listed, newest first and no more than asked', async () => {
    const { glue, service } = await glueOn({
      GetJobRuns: [runs(run('a', { StartedOn: 1 }), run('c', { StartedOn: 3 }), run('b', { StartedOn: 2 }))],
    });
    expect((await glue.listRuns(JOB, 2)).map(({ id }) => id)).toEqual(['c', 'b']);
    expect(service.inputs('GetJobRuns')).toEqual([{ JobName: JOB, MaxResults: 2 }]);
  });
});

describe('stopping', () => {
  const REFUSED: Answer = {
    body: { Errors: [{ JobRunId: 'jr_1', ErrorDetail: { ErrorCode: 'InvalidInput', ErrorMessage: 'cannot' } }] },
  };

  it('asks the run to end', async () => {
    const { glue, service } = await glueOn({ BatchStopJobRun: [{ body: { SuccessfulSubmissions: [{}] } }] });
    await glue.stopRun({ job: JOB, id: 'jr_1' });
    expect(service.inputs('BatchStopJobRun')).toEqual([{ JobName: JOB, JobRunIds: ['jr_1'] }]);
  });

  it('leaves a run that has ended alone', async () => {
    const { glue } = await glueOn({
      BatchStopJobRun: [REFUSED],
      GetJobRun: [{ body: { JobRun: run('jr_1', { JobRunState: 'SUCCEEDED' }) } }],
    });
    await glue.stopRun({ job: JOB, id: 'jr_1' });
  });

  it('fails when Glue refuses inside an answer that says all is well', async () => {
    const { glue } = await glueOn({ BatchStopJobRun: [REFUSED], GetJobRun: [{ body: { JobRun: run('jr_1') } }] });
    const error = await failureOf(glue.stopRun({ job: JOB, id: 'jr_1' }));
    expect(error).toBeInstanceOf(ControlRequestError);
    expect(error?.message).toBe('Glue does not stop the run jr_1 of "metrics-etl": cannot');
  });

  it('fails as throttled when that is the reason', async () => {
    const { glue } = await glueOn({
      BatchStopJobRun: [{ body: { Errors: [{ ErrorDetail: { ErrorCode: 'ThrottlingException' } }] } }],
      GetJobRun: [{ body: { JobRun: run('jr_1') } }],
    });
    expect(await failureOf(glue.stopRun({ job: JOB, id: 'jr_1' }))).toBeInstanceOf(ControlThrottledError);
  });
});

describe('a refusal', () => {
  it.each<[string, Answer, new (...args: never[]) => Error, RegExp, boolean]>([
    ['no such job', { fault: 'EntityNotFoundException' }, MissingError, /There is no job "metrics-etl"/, false],
    [
      'no right',
      { fault: 'AccessDeniedException' },
      ControlAccessDeniedError,
      /on "metrics-etl": .* It needs glue:StartJobRun/,
      false,
    ],
    [
      'too many runs',
      { fault: 'ConcurrentRunsExceededException' },
      ConcurrencyLimitError,
      /"metrics-etl" runs already as often as it may/,
      false,
    ],
    ['a quota', { fault: 'ResourceNumberLimitExceededException' }, LimitError, /Service Quotas/, false],
    [
      'another token',
      { fault: 'IdempotentParameterMismatchException' },
      IdempotencyConflictError,
      /given before with another request/,
      false,
    ],
    ['nonsense', { fault: 'InvalidInputException' }, ControlRequestError, /said the service/, false],
    ['slowness', { fault: 'OperationTimeoutException' }, ControlUnreachableError, /did not end the request/, true],
    ['a page of a portal', 'page', ControlUnreachableError, /Glue could not be asked/, true],
    ['silence', 'hang', ControlUnreachableError, /Glue/, true],
    ['busy for ever', { fault: 'ThrottlingException' }, ControlDeadlineError, /for 120 s/, false],
  ])('of a start is told as what it means: %s', async (_what, answer, type, message, retryable) => {
    const { glue } = await glueOn({ GetJobRuns: [NONE], StartJobRun: [answer] });
    const error = await failureOf(glue.startRun(START));
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
    expect(isRetryable(error)).toBe(retryable);
  });

  it('names the run that there is not', async () => {
    const { glue } = await glueOn({ GetJobRun: [{ fault: 'EntityNotFoundException' }] });
    const error = await failureOf(glue.getRun({ job: JOB, id: 'jr_9' }));
    expect(error?.message).toContain('There is no run "jr_9"');
  });

  it('is an answer that is none of Glue', async () => {
    const { glue } = await glueOn({ GetJobRun: [{ body: {} }] });
    expect(await failureOf(glue.getRun({ job: JOB, id: 'jr_1' }))).toBeInstanceOf(ControlDeadlineError);
  });
});

describe('an abort', () => {
  it('ends the request and the waiting', async () => {
    const { glue, service } = await glueOn({ GetJobRuns: ['hang'] });
    const controller = new AbortController();
    const work = glue.startRun(START, { signal: controller.signal });
    while (service.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    expect((await failureOf(work))?.message).toBe('enough');
  });
});
