import {
  ControlAccessDeniedError,
  ControlDeadlineError,
  ControlThrottledError,
  ControlUnreachableError,
  MissingError,
} from '@pulselake/aws-clients/glue';
import { describe, expect, it } from 'vitest';
import { world } from './support/run-command.js';

const RUN = ['run', '--job', 'metrics-etl', '--wait'];

describe('run', () => {
  it('starts the job small, tells its states, and ends with it', async () => {
    const { run, glue } = world();
    const { exitCode, out, err } = await run(...RUN, '--lake', 's3://lake/p');
    expect(exitCode).toBe(0);
    expect(out).toContain('metrics-etl: run jr_1 succeeded after 10 s\n');
    expect(err).toBe(
      [
        'metrics-etl: run jr_1, client token token-1',
        'metrics-etl: run jr_1 is STARTING',
        'metrics-etl: run jr_1 is RUNNING',
        'metrics-etl: run jr_1 is SUCCEEDED',
        '',
      ].join('\n'),
    );
    expect(glue.kept[0]?.request).toEqual({
      job: 'metrics-etl',
      clientToken: 'token-1',
      arguments: { '--lake': 's3://lake/p' },
      maxCapacityDpu: 0.0625,
      timeoutMinutes: 60,
    });
  });

  it('prints one document', async () => {
    const { run } = world();
    const { out } = await run(...RUN, '--json', '--max-capacity', '1');
    expect(JSON.parse(out)).toEqual({
      name: 'metrics-etl',
      clientToken: 'token-1',
      runId: 'jr_1',
      state: 'SUCCEEDED',
      startedAt: '2024-05-01T12:30:00.000Z',
      endedAt: '2024-05-01T12:30:10.000Z',
      executionSeconds: 60,
      maxCapacityDpu: 1,
    });
  });

  it('passes arguments of the job on', async () => {
    const { run, glue } = world();
    await run(
      ...RUN,
      '--landing',
      's3://incoming',
      '--force',
      '--replace',
      '--objects',
      'landing/metrics/a b.csv',
      'landing/metrics/c,d.csv',
      '--',
      '--windowSizeSeconds',
      '60',
    );
    expect(glue.kept[0]?.request.arguments).toEqual({
      '--landing': 's3://incoming',
      '--force': 'true',
      '--replace': 'true',
      '--objects': '["landing/metrics/a b.csv","landing/metrics/c,d.csv"]',
      '--windowSizeSeconds': '60',
    });
  });

  it('looks less and less often while nothing changes', async () => {
    const { run, io, glue } = world();
    glue.path = ['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING', 'RUNNING', 'RUNNING', 'RUNNING', 'SUCCEEDED'];
    await run(...RUN);
    expect(io.pauses).toEqual([5_000, 7_500, 11_250, 16_875, 25_312.5, 30_000, 30_000]);
  });

  it('does not wait unless it is asked to', async () => {
    const { run, glue } = world();
    const { exitCode, out } = await run('run', '--job', 'metrics-etl', '--json');
    expect([exitCode, JSON.parse(out)]).toEqual([0, { name: 'metrics-etl', runId: 'jr_1', clientToken: 'token-1' }]);
    expect(glue.calls).toEqual(['startRun']);
  });

  it('finds a run again by its client token, and starts no second one', async () => {
    const { run, glue } = world();
    const named = [...RUN, '--client-token', 'nightly-2024-05-01'];
    await run('run', '--job', 'metrics-etl', '--client-token', 'nightly-2024-05-01');
    expect((await run(...named)).exitCode).toBe(0);
    expect((await run(...named)).out).toContain('jr_1 succeeded');
    expect(glue.kept).toHaveLength(1);
    const other = await run(...named, '--lake', 's3://lake/p');
    expect([other.exitCode, other.err]).toEqual([1, expect.stringContaining('came with other arguments before')]);
  });

  it('prints what it would send, and sends nothing', async () => {
    const { run, glue } = world();
    const { out } = await run(...RUN, '--dry-run', '--json', '--client-token', 't');
    expect(JSON.parse(out)).toEqual({
      dryRun: true,
      operation: 'StartJobRun',
      input: {
        JobName: 'metrics-etl',
        Arguments: { '--client-token': 't' },
        MaxCapacity: 0.0625,
        Timeout: 60,
      },
    });
    expect(glue.calls).toEqual([]);
  });
});

describe('a run that fails', () => {
  it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED', 'STOPPED'] as const)(
    'is told with the reason and where the logs are: %s',
    async (state) => {
      const { run, glue } = world();
      glue.path = ['RUNNING', state];
      glue.error = 'SystemExit: 3 of 40 files were not read';
      const { exitCode, out, err } = await run(...RUN);
      expect([exitCode, out]).toEqual([1, '']);
      expect(err).toContain(
        [
          `metrics-etl: run jr_1 is ${state} after 5 s. Glue says: SystemExit: 3 of 40 files were not read`,
          'Logs (error): aws logs tail /aws-glue/python-jobs/error --log-stream-names jr_1 --since 7d',
          'Logs (output): aws logs tail /aws-glue/python-jobs/output --log-stream-names jr_1 --since 7d',
        ].join('\n'),
      );
      expect(err).not.toContain('    at ');
    },
  );

  it('is a document when one is asked for', async () => {
    const { run, glue } = world();
    glue.path = ['FAILED'];
    const { exitCode, out } = await run(...RUN, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      runId: 'jr_1',
      state: 'FAILED',
      logs: [expect.any(String), expect.any(String)],
    });
  });

  it('names no reason when Glue does not', async () => {
    const { run, glue } = world();
    glue.path = ['FAILED'];
    expect((await run(...RUN)).err).toContain('Glue names no reason.');
  });
});

describe('what goes wrong', () => {
  it('fails when the job runs already, and names the run', async () => {
    const { run, glue } = world();
    glue.path = ['RUNNING'];
    await run('run', '--job', 'metrics-etl');
    const { exitCode, err } = await run(...RUN);
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'runs already as often as it may at a time: 1. What goes on: jr_1 (RUNNING). Start again when',
    );
    expect(glue.kept).toHaveLength(1);
  });

  it('ends the waiting for a run that is stuck, and says how to wait on', async () => {
    const { run, glue, io } = world();
    glue.path = ['STARTING', 'RUNNING'];
    const { exitCode, err } = await run(...RUN, '--timeout-seconds', '100');
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'After 100 s, the run jr_1 of metrics-etl is RUNNING. The run goes on; the same command with --client-token token-1 waits on.',
    );
    expect(io.pauses.reduce((sum, ms) => sum + ms)).toBe(100_000);
    expect(glue.calls).not.toContain('stopRun');
  });

  it('waits for longer than the service lets the job run', async () => {
    const { run, glue } = world();
    glue.path = ['RUNNING'];
    expect((await run(...RUN, '--job-timeout-minutes', '10')).err).toContain('After 1500 s, the run jr_1');
  });

  it.each([
    [
      'denied',
      new ControlAccessDeniedError('AWS does not allow this on "metrics-etl": no. It needs glue:StartJobRun.'),
    ],
    ['throttled for long', new ControlDeadlineError('Glue could not be asked about "metrics-etl" for 120 s', 120_000)],
  ])('fails when the start is refused: %s', async (_what, error) => {
    const { run, glue } = world();
    glue.faults.add('startRun', error);
    expect(await run(...RUN)).toEqual({ exitCode: 1, out: '', err: `${error.message}\n` });
  });

  it('fails without such a job', async () => {
    expect((await world().run('run', '--job', 'other')).err).toBe('There is no job "other".\n');
  });

  it('says that the run goes on when it cannot be watched', async () => {
    const { run, glue } = world();
    glue.faults.add('getRun', new ControlUnreachableError('Glue could not be asked: the network is down.'));
    const { exitCode, err } = await run(...RUN);
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'The run jr_1 of metrics-etl cannot be watched: Glue could not be asked: the network is down. The run goes on; the same command with --client-token token-1 waits on.',
    );
  });

  it('waits for a run that is not known everywhere yet', async () => {
    const { run, glue } = world();
    glue.faults.add('getRun', new MissingError('There is no run "jr_1".', 'run'), new MissingError('no run', 'run'));
    expect((await run(...RUN)).exitCode).toBe(0);
  });

  it('fails when a run does not become known', async () => {
    const { run, glue } = world();
    glue.faults.add('getRun', ...Array.from({ length: 9 }, () => new MissingError('There is no run "jr_1".', 'run')));
    expect((await run(...RUN)).err).toContain('cannot be watched: There is no run "jr_1".');
  });

  it('shows where an error comes from when it is asked to', async () => {
    const { run, glue } = world();
    glue.faults.add('startRun', new ControlThrottledError('Glue takes no more just now.'));
    expect((await run(...RUN, '--debug')).err).toContain('    at ');
  });

  it.each([
    [['run'], /--job/],
    [['run', '--job', 'a\nb'], /1 to 255 characters on one line/],
    [['run', '--job', 'a', '--max-capacity', '2'], /0\.0625 or 1/],
    [['run', '--job', 'a', '--lake', 'lake'], /s3:\/\/bucket\/prefix/],
    [['run', '--job', 'a', '--client-token', 'a b'], /1 to 64 letters/],
    [['run', '--job', 'a', '--job-timeout-minutes', '1.5'], /whole number/],
    [['run', '--job', 'a', '--', 'x', 'y'], /in pairs, --name value; x is no name/],
    [['run', '--job', 'a', '--', '--x'], /--x of the job has no value/],
    [['run', '--job', 'a', '--', '--x', '1', '--x', '2'], /--x of the job is given twice/],
    [['run', '--job', 'a', '--', '--client-token', '1'], /is no argument to give/],
  ])('ends with 2: %j', async (args, message) => {
    const { exitCode, err } = await world().run(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('Ctrl-C', () => {
  it('cancels the run, and says so', async () => {
    const { run, glue } = world({ onPause: (io) => io.pauses.length === 1 && !io.signal.aborted && io.interrupt() });
    const { exitCode, out, err } = await run(...RUN);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('stopping: asking Glue to cancel the run jr_1; once more Ctrl-C leaves at once\n');
    expect(err).toContain('the run jr_1 was asked to end\nStopped: the run jr_1 of metrics-etl is STOPPED.\n');
    expect(glue.calls).toContain('stopRun');
  });

  it('twice leaves at once', async () => {
    const { run } = world({ onPause: (io) => io.interrupt() });
    const { exitCode, err } = await run(...RUN);
    expect(exitCode).toBe(1);
    expect(err).toContain('Left: the run jr_1 of metrics-etl may go on.\n');
  });

  it('during the start cancels what was started', async () => {
    const { run, glue, io } = world();
    glue.onStarted = () => io.interrupt();
    const { exitCode, err } = await run('run', '--job', 'metrics-etl');
    expect(exitCode).toBe(1);
    expect(err).toContain('waiting for the answer to the start, to cancel the run');
    expect(err).toContain('Stopped: the run jr_1 of metrics-etl is STOPPED.');
    expect(glue.kept[0]?.run.state).toBe('STOPPED');
  });

  it('before the start starts nothing', async () => {
    const { run, glue, io } = world();
    io.interrupt();
    expect((await run(...RUN)).exitCode).toBe(1);
    expect(glue.calls).toEqual([]);
  });

  it('says so when the run had succeeded already', async () => {
    const { run, glue } = world({ onPause: (io) => io.pauses.length === 1 && !io.signal.aborted && io.interrupt() });
    glue.stopPath = ['SUCCEEDED'];
    const { exitCode, err } = await run(...RUN);
    expect([exitCode, err]).toEqual([0, expect.stringContaining('had succeeded before it could be cancelled')]);
  });

  it('says so when the run may not be cancelled', async () => {
    const { run, glue } = world({ onPause: (io) => io.pauses.length === 1 && !io.signal.aborted && io.interrupt() });
    glue.faults.add('stopRun', new ControlAccessDeniedError('It needs glue:BatchStopJobRun.'));
    const { err } = await run(...RUN);
    expect(err).toContain('The run jr_1 of metrics-etl may go on: it could not be cancelled. It needs glue:BatchStop');
  });

  it('does not wait for ever for a run that does not end', async () => {
    const { run, glue } = world({ onPause: (io) => io.pauses.length === 1 && !io.signal.aborted && io.interrupt() });
    glue.stopPath = ['STOPPING'];
    expect((await run(...RUN)).err).toContain(
      'Stopped waiting: the run jr_1 of metrics-etl was asked to end, and is STOPPING.',
    );
  });
});

describe('status', () => {
  it('tells the newest runs, and where the logs of one are', async () => {
    const { run, glue } = world();
    await run(...RUN);
    glue.path = ['FAILED'];
    glue.error = 'no rights';
    await run(...RUN);
    const { exitCode, out } = await run('status', '--job', 'metrics-etl', '--last', '2');
    expect(exitCode).toBe(0);
    expect(out).toBe(
      'jr_2: FAILED, since 2024-05-01T12:30:10.000Z, 0 s (no rights)\njr_1: SUCCEEDED, since 2024-05-01T12:30:00.000Z, 10 s\n',
    );
    const one = JSON.parse((await run('status', '--job', 'metrics-etl', '--run', 'jr_2', '--json')).out) as object;
    expect(one).toMatchObject({
      job: 'metrics-etl',
      runs: [{ runId: 'jr_2', state: 'FAILED', reason: 'no rights' }],
      logs: [expect.stringContaining('/aws-glue/python-jobs/error'), expect.any(String)],
    });
  });

  it('says that nothing has run yet', async () => {
    expect((await world().run('status', '--job', 'metrics-etl')).out).toBe('metrics-etl has not run yet\n');
  });

  it('fails without such a run', async () => {
    const { exitCode, err } = await world().run('status', '--job', 'metrics-etl', '--run', 'jr_9');
    expect([exitCode, err]).toEqual([1, 'There is no run "jr_9".\n']);
  });
});
