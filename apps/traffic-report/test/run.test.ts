import {
  ControlAccessDeniedError,
  ControlDeadlineError,
  ControlUnreachableError,
  LimitError,
} from '@pulselake/aws-clients/emr-serverless';
import { describe, expect, it } from 'vitest';
import { uploadedWorld, world } from './support/run-command.js';

const ROLE = 'arn:aws:iam::123456789012:role/traffic';
const WHERE = ['--application', '00app', '--execution-role', ROLE, '--bucket', 'artifacts', '--prefix', 'jobs/'];
const RUN = ['run', ...WHERE, '--lake', 's3://lake', '--wait'];

describe('run', () => {
  it('starts the job small, tells its states, and ends with it', async () => {
    const { run, spark } = await uploadedWorld();
    const { exitCode, out, err } = await run(...RUN, '--date', '2024-04-30');
    expect(exitCode).toBe(0);
    expect(out).toContain('00app: run 00run1 succeeded after 15 s\n');
    expect(out).toContain('get-dashboard-for-job-run --application-id 00app --job-run-id 00run1');
    expect(err).toBe(
      [
        '00app: run 00run1, client token token-1',
        '00app: run 00run1 is SUBMITTED',
        '00app: run 00run1 is SCHEDULED',
        '00app: run 00run1 is RUNNING',
        '00app: run 00run1 is SUCCESS',
        '',
      ].join('\n'),
    );
    expect(spark.kept[0]?.request).toEqual({
      application: '00app',
      clientToken: 'token-1',
      executionRoleArn: ROLE,
      name: 'traffic-report 2024-04-30',
      entryPoint: expect.stringMatching(/^s3:\/\/artifacts\/jobs\/traffic-report-main-[0-9a-f]{12}\.py$/) as string,
      entryPointArguments: ['--lake', 's3://lake', '--date', '2024-04-30'],
      pyFiles: [expect.stringMatching(/^s3:\/\/artifacts\/jobs\/traffic_report-[0-9a-f]{12}\.zip$/) as string],
      conf: {
        'spark.driver.cores': '1',
        'spark.driver.memory': '1g',
        'spark.driver.memoryOverhead': '1g',
        'spark.executor.cores': '1',
        'spark.executor.memory': '1g',
        'spark.executor.memoryOverhead': '1g',
        'spark.executor.instances': '1',
        'spark.dynamicAllocation.enabled': 'false',
      },
      timeoutMinutes: 120,
    });
  });

  it('passes the days and what is asked on to the job', async () => {
    const { run, spark } = await uploadedWorld();
    const days = ['--from', '2024-04-01', '--to', '2024-04-30', '--arrival-days', '5'];
    await run(
      ...RUN,
      ...days,
      '--landing',
      's3://incoming',
      '--include-users',
      '--allow-missing-inputs',
      '--inputs',
      's3://a b/*.gz',
      's3://c',
      '--',
      '--x',
    );
    expect(spark.kept[0]?.request.name).toBe('traffic-report 2024-04-01 to 2024-04-30');
    expect(spark.kept[0]?.request.entryPointArguments).toEqual([
      '--lake',
      's3://lake',
      '--landing',
      's3://incoming',
      ...days,
      '--inputs',
      's3://a b/*.gz',
      '--inputs',
      's3://c',
      '--include-users',
      '--allow-missing-inputs',
      '--x',
    ]);
  });

  it('takes larger workers, and fills them', async () => {
    const { run } = await uploadedWorld();
    const { out } = await run(
      ...[...RUN, '--dry-run', '--json', '--executors', '4', '--executor-cores', '4', '--executor-memory', '20'],
    );
    const { input, vcpu, memoryGb } = JSON.parse(out) as {
      input: { jobDriver: { sparkSubmit: { sparkSubmitParameters: string } } };
      vcpu: number;
      memoryGb: number;
    };
    // 20 GB and a tenth: a worker of 22 GB.
    expect([vcpu, memoryGb]).toEqual([17, 90]);
    expect(input.jobDriver.sparkSubmit.sparkSubmitParameters).toContain(
      '--conf spark.executor.cores=4 --conf spark.executor.memory=20g --conf spark.executor.memoryOverhead=2g --conf spark.executor.instances=4',
    );
  });

  it('prints what the run is paid for', async () => {
    const { run } = await uploadedWorld();
    expect(JSON.parse((await run(...RUN, '--json')).out)).toEqual({
      name: '00app',
      clientToken: 'token-1',
      runId: '00run1',
      state: 'SUCCESS',
      startedAt: '2024-05-01T12:30:00.000Z',
      endedAt: '2024-05-01T12:30:15.000Z',
      vcpuHours: 0.05,
      memoryGbHours: 0.1,
    });
  });

  it('fails when what these sources make was not uploaded, and starts nothing', async () => {
    const { run, spark } = await world();
    const { exitCode, err } = await run(...RUN);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/There is no s3:\/\/artifacts\/jobs\/traffic-report-main-\w+\.py, which these sources make\./);
    expect(err).toContain('Upload them: pulselake-traffic upload --bucket artifacts --prefix jobs/\n');
    expect(spark.calls).toEqual([]);
  });

  it('finds a run again by its client token, and refuses it for another request', async () => {
    const { run, spark } = await uploadedWorld();
    const named = [...RUN, '--client-token', 'report-2024-04-30'];
    await run(...named);
    expect((await run(...named)).out).toContain('run 00run1 succeeded');
    expect(spark.kept).toHaveLength(1);
    const other = await run(...named, '--date', '2024-04-30');
    expect([other.exitCode, other.err]).toEqual([1, expect.stringContaining('came with another request before')]);
  });
});

describe('what goes wrong', () => {
  it.each([
    [
      ['--logs', 's3://logs/spark/'],
      'aws s3 cp s3://logs/spark/applications/00app/jobs/00run1/SPARK_DRIVER/stderr.gz -',
    ],
    [
      ['--log-group', '/pulselake/spark'],
      'aws logs tail /pulselake/spark --log-stream-name-prefix applications/00app/',
    ],
    [[], 'aws emr-serverless get-dashboard-for-job-run --application-id 00app --job-run-id 00run1'],
  ])('is told with the reason and where the logs are: %j', async (flags, where) => {
    const { run, spark } = await uploadedWorld();
    spark.path = ['RUNNING', 'FAILED'];
    spark.details = 'Job failed, please check complete logs in configured logging destination.';
    const { exitCode, out, err } = await run(...RUN, ...flags);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(`00app: run 00run1 is FAILED after 5 s. EMR Serverless says: ${spark.details}\n`);
    expect(err).toContain(where);
  });

  it.each([
    ['denied', new ControlAccessDeniedError('AWS does not allow this on "00app": no. It needs iam:PassRole.')],
    ['a quota', new LimitError('A quota of the account is used up: vCPU.')],
    ['throttled for long', new ControlDeadlineError('EMR Serverless could not be asked about "00app"', 120_000)],
  ])('fails when the start is refused: %s', async (_what, error) => {
    const { run, spark } = await uploadedWorld();
    spark.faults.add('startRun', error);
    expect(await run(...RUN)).toEqual({ exitCode: 1, out: '', err: `${error.message}\n` });
  });

  it('ends the waiting for a run that is stuck, and says how to wait on', async () => {
    const { run, spark } = await uploadedWorld();
    spark.path = ['PENDING'];
    const { exitCode, err } = await run(...RUN, '--timeout-seconds', '60');
    expect(exitCode).toBe(1);
    expect(err).toContain('After 60 s, the run 00run1 of 00app is PENDING. The run goes on; the same command with');
    expect(spark.calls).not.toContain('cancelRun');
  });

  it('says that the run goes on when it cannot be watched', async () => {
    const { run, spark } = await uploadedWorld();
    spark.faults.add('getRun', new ControlUnreachableError('EMR Serverless could not be asked: reset.'));
    expect((await run(...RUN)).err).toContain(
      'cannot be watched: EMR Serverless could not be asked: reset. The run goes',
    );
  });

  it('cancels the run at Ctrl-C, and says so', async () => {
    const { run, spark } = await uploadedWorld({
      onPause: (io) => io.pauses.length === 1 && !io.signal.aborted && io.interrupt(),
    });
    const { exitCode, err } = await run(...RUN);
    expect(exitCode).toBe(1);
    expect(err).toContain('stopping: asking EMR Serverless to cancel the run 00run1');
    expect(err).toContain('Stopped: the run 00run1 of 00app is CANCELLED.\n');
    expect(spark.kept[0]?.run.state).toBe('CANCELLED');
  });

  it('leaves at the second Ctrl-C', async () => {
    const { run } = await uploadedWorld({ onPause: (io) => io.interrupt() });
    expect((await run(...RUN)).err).toContain('Left: the run 00run1 of 00app may go on.\n');
  });

  it.each([
    [['--date', '2024-02-30'], /YYYY-MM-DD/],
    [['--date', '2024-02-01', '--from', '2024-02-01'], /--date is one day/],
    [['--from', '2024-02-01'], /--from and --to go together/],
    [['--from', '2024-02-02', '--to', '2024-02-01'], /--from 2024-02-02 is after --to 2024-02-01/],
    [['--executor-cores', '3'], /1, 2, 4, 8 or 16 cores, not 3/],
    [['--executor-memory', '8'], /1 cores and 8 GB of heap needs 8\.8 GB .* has 8 GB at most/],
    [['--execution-role', 'traffic'], /ARN of a role/],
    [['--application', 'My App'], /not its name/],
    [['--arrival-days', '0'], /whole number from 1 to 400/],
    [['--inputs', 's3://lake/x.txt'], /--inputs needs the days/],
  ])('ends with 2: %j', async (args, message) => {
    const { run, spark } = await uploadedWorld();
    const { exitCode, err } = await run(...RUN, ...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(spark.calls).toEqual([]);
  });
});

describe('status', () => {
  it('tells the newest runs, and where the logs of one are', async () => {
    const { run } = await uploadedWorld();
    await run(...RUN, '--date', '2024-04-30');
    const { out } = await run('status', '--application', '00app');
    expect(out).toBe('00run1: SUCCESS, since 2024-05-01T12:30:00.000Z, 15 s  traffic-report 2024-04-30\n');
    const one = await run('status', '--application', '00app', '--run', '00run1', '--json');
    expect(JSON.parse(one.out)).toMatchObject({
      application: '00app',
      runs: [{ name: 'traffic-report 2024-04-30', runId: '00run1', state: 'SUCCESS' }],
      logs: [expect.stringContaining('get-dashboard-for-job-run')],
    });
  });

  it('says that nothing has run yet, and fails without such an application', async () => {
    const { run } = await world();
    expect((await run('status', '--application', '00app')).out).toBe('00app has run nothing yet\n');
    expect((await run('status', '--application', '00other')).err).toBe('There is no application "00other".\n');
  });
});
