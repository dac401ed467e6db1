import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import { run } from './support/run-command.js';

const START = ['start', '--application', 'windows'];
const DIGEST = createHash('sha256').update('new').digest('hex');
const KEY = `p/window-aggregator-${DIGEST}.jar`;
const NEW = [...START, '--jar-key', KEY];

async function awsWith(change: (flink: FakeAws['flink']) => void = () => undefined): Promise<FakeAws> {
  const aws = await FakeAws.serve();
  aws.bucket.put('old.jar', 'old');
  aws.bucket.put(KEY, 'new');
  change(aws.flink);
  return aws;
}

const changesOf = (aws: FakeAws) => aws.changes.map(({ operation }) => operation);

describe('what goes wrong', () => {
  it('fails when the job ends instead of running, with the reason and where the logs are', async () => {
    const aws = await awsWith((flink) => {
      flink.paths.start = ['STARTING', 'READY'];
      flink.error = 'The stream metric-events does not exist.';
      flink.logStreams = ['arn:aws:logs:eu-central-1:123456789012:log-group:/flink/windows:log-stream:job'];
    });
    const { exitCode, out, err } = await run(START, aws);
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(
      'windows does not run the job as asked: it did not come to run, and is stopped. The service says: The stream metric-events does not exist.\n' +
        'Logs: aws logs tail /flink/windows --log-stream-names job --since 1h --region eu-central-1\n',
    );
    expect(err).not.toContain('    at ');
    expect(changesOf(aws)).toEqual(['StartApplication']);
  });

  it('fails, and says why, when the reason may not be read', async () => {
    const aws = await awsWith((flink) => {
      flink.paths.start = ['STARTING', 'READY'];
      flink.faults['DescribeApplicationOperation'] = [{ fault: 'AccessDeniedException' }];
    });
    const { err } = await run(START, aws);
    expect(err).toContain('The reason cannot be read: AWS does not allow this');
    expect(err).toContain('The application writes no logs: give it a CloudWatch logging option');
  });

  it.each(['RUNNING', 'ROLLED_BACK'])('fails when the service goes back to the code before: %s', async (state) => {
    const aws = await awsWith((flink) => {
      flink.state = 'RUNNING';
      flink.rollsBack = true;
      flink.paths.update = ['UPDATING', 'ROLLING_BACK', state];
      flink.error = 'The new code fails.';
    });
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('the new jar did not run, and the version before runs again. The service says: The new code');
    expect(changesOf(aws)).toEqual(['UpdateApplication']);
  });

  it('fails when an update ends stopped', async () => {
    const aws = await awsWith((flink) => {
      flink.state = 'RUNNING';
      flink.paths.update = ['UPDATING', 'READY'];
    });
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('it did not come to run, and is stopped');
    expect(changesOf(aws)).toEqual(['UpdateApplication']);
  });

  it('looks again when the version was changed meanwhile', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['UpdateApplication'] = [{ fault: 'ConcurrentModificationException' }];
    });
    expect((await run(NEW, aws)).exitCode).toBe(0);
    expect(changesOf(aws)).toEqual(['UpdateApplication', 'UpdateApplication', 'StartApplication']);
  });

  it('fails when it is changed by others again and again', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['UpdateApplication'] = Array(9).fill({ fault: 'ConcurrentModificationException' }) as never;
    });
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('"windows" cannot be changed just now');
    expect(changesOf(aws)).toHaveLength(3);
  });

  it('starts once when the answer of the start is lost', async () => {
    const aws = await awsWith((flink) => (flink.faults['StartApplication'] = ['lost']));
    const { exitCode, out } = await run(START, aws);
    expect(exitCode).toBe(0);
    expect(out).toContain('windows is RUNNING with');
    expect(changesOf(aws)).toEqual(['StartApplication']);
  });

  it('starts again when the call itself was lost', async () => {
    const aws = await awsWith((flink) => (flink.faults['StartApplication'] = ['reset']));
    expect((await run(START, aws)).exitCode).toBe(0);
    expect(changesOf(aws)).toEqual(['StartApplication', 'StartApplication']);
  });

  it('fails once when a start whose answer was lost ends stopped', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['StartApplication'] = ['lost'];
      flink.paths.start = ['STARTING', 'READY'];
    });
    expect((await run(START, aws)).exitCode).toBe(1);
    expect(changesOf(aws)).toEqual(['StartApplication']);
  });

  it('goes on when it is throttled', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['DescribeApplication'] = [{ fault: 'ThrottlingException' }, { fault: 'ThrottlingException' }];
      flink.faults['StartApplication'] = [{ fault: 'ThrottlingException' }];
    });
    const { exitCode, err } = await run(START, aws);
    expect(exitCode).toBe(0);
    const told = 'trying again: Managed Flink takes no more just now (said the service). Try again later.\n';
    expect(err.split(told)).toHaveLength(2);
  });

  it('fails when it is throttled until the time is over', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['DescribeApplication'] = Array(99).fill({ fault: 'ThrottlingException' }) as never;
    });
    const { exitCode, err } = await run([...START, '--timeout-seconds', '30'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('for 30 s');
  });

  it('fails when it is still starting when the time is over', async () => {
    const aws = await awsWith((flink) => (flink.paths.start = ['STARTING']));
    const { exitCode, err } = await run([...START, '--timeout-seconds', '60'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('After 60 s, windows is STARTING. AWS goes on with it.');
    expect(aws.calls.filter(({ operation }) => operation === 'DescribeApplication').length).toBeLessThan(16);
  });

  it.each([
    ['AccessDeniedException', /It needs kinesisanalytics:StartApplication/],
    ['LimitExceededException', /A quota of the account is used up/],
    ['InvalidApplicationConfigurationException', /refuses the request for "windows"/],
  ])('fails with what people can do: %s', async (fault, message) => {
    const aws = await awsWith((flink) => (flink.faults['StartApplication'] = [{ fault }]));
    const { exitCode, err } = await run(START, aws);
    expect(exitCode).toBe(1);
    expect(err).toMatch(message);
  });

  it('fails when there is no such application', async () => {
    const aws = await awsWith();
    const { exitCode, err } = await run(['start', '--application', 'other'], aws);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/There is no application "other".*Check the name, the region and the account\./);
  });

  it('fails when there is no such jar, and changes nothing', async () => {
    const aws = await awsWith();
    const { exitCode, err } = await run([...START, '--jar-key', 'p/none.jar'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('There is no s3://jars/p/none.jar. Upload it: pulselake-flink upload --bucket jars');
    expect(aws.changes).toEqual([]);
  });

  it('fails when the jar is not what its name says', async () => {
    const aws = await awsWith();
    aws.bucket.put(KEY, 'other bytes');
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('has another content than its name says');
    expect(aws.changes).toEqual([]);
  });

  it('fails when it is being deleted', async () => {
    const aws = await awsWith((flink) => (flink.state = 'DELETING'));
    expect((await run(START, aws)).err).toContain('it is being deleted');
  });

  it('ends when it is stopped by hand, and says what goes on', async () => {
    const aws = await awsWith();
    const stop = new AbortController();
    const { exitCode, err } = await run(START, aws, { signal: stop.signal, onPause: () => stop.abort() });
    expect(exitCode).toBe(1);
    expect(err).toContain('Stopped waiting: windows is STARTING. AWS goes on with it; the same command waits on.');
  });
});
