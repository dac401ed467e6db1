import { describe, expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import { run } from './support/run-command.js';

const STOP = ['stop', '--application', 'windows'];
const WITH_SNAPSHOT = [...STOP, '--with-snapshot'];
const SNAPSHOT = 'pulselake-20240501T123000Z';

async function awsWith(change: (flink: FakeAws['flink']) => void = () => undefined): Promise<FakeAws> {
  const aws = await FakeAws.serve();
  aws.flink.state = 'RUNNING';
  change(aws.flink);
  return aws;
}

const changesOf = (aws: FakeAws) => aws.changes.map(({ operation }) => operation);

describe('a job that runs', () => {
  it('is stopped, and waited for', async () => {
    const aws = await awsWith();
    const { exitCode, out, err } = await run(STOP, aws);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'windows is stopped\n' });
    expect(err).toBe('windows: RUNNING\nwindows: stop\nwindows: STOPPING\nwindows: READY\n');
    expect(aws.changes).toEqual([
      { operation: 'StopApplication', input: { ApplicationName: 'windows', Force: false } },
    ]);
  });

  it('is stopped after a snapshot that can be used', async () => {
    const aws = await awsWith((flink) => (flink.snapshotPath = ['CREATING', 'CREATING', 'READY']));
    const { exitCode, out } = await run([...WITH_SNAPSHOT, '--json'], aws);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({ application: 'windows', state: 'READY', stopped: true, snapshot: SNAPSHOT });
    expect(aws.changes[0]).toEqual({
      operation: 'CreateApplicationSnapshot',
      input: { ApplicationName: 'windows', SnapshotName: SNAPSHOT },
    });
    const lastLook = aws.calls.findLastIndex(({ operation }) => operation === 'DescribeApplicationSnapshot');
    const stop = aws.calls.findIndex(({ operation }) => operation === 'StopApplication');
    expect(stop).toBeGreaterThan(lastLook);
  });

  it.each([[STOP], [WITH_SNAPSHOT], [[...STOP, '--force']]])(
    'is stopped once, however often it is asked: %j',
    async (args) => {
      const aws = await awsWith();
      await run(args, aws);
      const before = aws.changes.length;
      const { exitCode, out } = await run(args, aws);
      expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'windows is stopped already: nothing was changed\n' });
      expect(aws.changes).toHaveLength(before);
    },
  );

  it('takes a snapshot that is being made already', async () => {
    const aws = await awsWith((flink) =>
      flink.snapshots.push({ name: 'nightly', path: ['CREATING', 'READY'], createdMs: 1 }),
    );
    const { out } = await run([...WITH_SNAPSHOT, '--json'], aws);
    expect(JSON.parse(out)).toMatchObject({ snapshot: 'nightly' });
    expect(changesOf(aws)).toEqual(['StopApplication']);
  });

  it('makes one snapshot when the answer is lost', async () => {
    const aws = await awsWith((flink) => {
      flink.faults['CreateApplicationSnapshot'] = ['lost'];
      flink.snapshotPath = ['READY'];
    });
    expect((await run(WITH_SNAPSHOT, aws)).exitCode).toBe(0);
    expect(aws.flink.snapshots).toHaveLength(1);
    expect(changesOf(aws)).toEqual(['CreateApplicationSnapshot', 'StopApplication']);
  });

  it('is stopped once when the answer is lost', async () => {
    const aws = await awsWith((flink) => (flink.faults['StopApplication'] = ['lost']));
    const { exitCode, out } = await run(STOP, aws);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'windows is stopped\n' });
    expect(changesOf(aws)).toEqual(['StopApplication']);
  });
});

describe('a job that is on its way', () => {
  it('is stopped as soon as it runs', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STARTING', 'RUNNING']));
    expect((await run(STOP, aws)).exitCode).toBe(0);
    expect(changesOf(aws)).toEqual(['StopApplication']);
  });

  it('is stopped by force in the midst of it', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STARTING']));
    const { exitCode, out } = await run([...STOP, '--force'], aws);
    expect(exitCode).toBe(0);
    expect(out).toContain('is read again at the next start');
    expect(aws.changes).toEqual([{ operation: 'StopApplication', input: { ApplicationName: 'windows', Force: true } }]);
  });

  it('is waited for when somebody else stops it', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STOPPING', 'READY']));
    const { out } = await run(WITH_SNAPSHOT, aws);
    expect(out).toBe('windows is stopped already: nothing was changed\n');
    expect(aws.changes).toEqual([]);
  });
});

describe('what goes wrong', () => {
  it('fails when the snapshot fails, and lets the job run', async () => {
    const aws = await awsWith((flink) => (flink.snapshotPath = ['CREATING', 'FAILED']));
    const { exitCode, err } = await run(WITH_SNAPSHOT, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain(`The snapshot ${SNAPSHOT} of windows is FAILED; the job runs on.`);
    expect(changesOf(aws)).toEqual(['CreateApplicationSnapshot']);
  });

  it('fails when snapshots are off', async () => {
    const aws = await awsWith((flink) => (flink.snapshotsEnabled = false));
    const { exitCode, err } = await run(WITH_SNAPSHOT, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('Snapshots of windows are off');
    expect(aws.changes).toEqual([]);
  });

  it('fails when the job runs on', async () => {
    const aws = await awsWith((flink) => {
      flink.paths.stop = ['STOPPING', 'RUNNING'];
      flink.error = 'The snapshot took too long.';
    });
    const { exitCode, err } = await run(STOP, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('it did not stop, and runs on. The service says: The snapshot took too long.');
    expect(err).toContain('--force');
    expect(changesOf(aws)).toEqual(['StopApplication']);
  });

  it('fails when it is still stopping when the time is over', async () => {
    const aws = await awsWith((flink) => (flink.paths.stop = ['STOPPING']));
    const { exitCode, err } = await run([...STOP, '--timeout-seconds', '20'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('After 20 s, windows is STOPPING. AWS goes on with it.');
  });

  it('fails when the snapshot is not made in time', async () => {
    const aws = await awsWith((flink) => (flink.snapshotPath = ['CREATING']));
    const { exitCode, err } = await run([...WITH_SNAPSHOT, '--timeout-seconds', '20'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain(`After 20 s, the snapshot ${SNAPSHOT} of windows is CREATING. AWS goes on with it.`);
    expect(changesOf(aws)).toEqual(['CreateApplicationSnapshot']);
  });

  it('fails when it is not allowed', async () => {
    const aws = await awsWith((flink) => (flink.faults['StopApplication'] = [{ fault: 'AccessDeniedException' }]));
    const { exitCode, err } = await run(STOP, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('It needs kinesisanalytics:StopApplication.');
  });

  it('ends when it is stopped by hand, and says what goes on', async () => {
    const aws = await awsWith();
    const stop = new AbortController();
    const { exitCode, err } = await run(WITH_SNAPSHOT, aws, { signal: stop.signal, onPause: () => stop.abort() });
    expect(exitCode).toBe(1);
    expect(err).toContain(`Stopped waiting: the snapshot ${SNAPSHOT} of windows is CREATING. AWS goes on with it`);
  });

  it('ends with 2 when a snapshot and force are asked', async () => {
    expect((await run([...WITH_SNAPSHOT, '--force'])).exitCode).toBe(2);
  });
});

describe('a rehearsal', () => {
  it.each([[STOP], [WITH_SNAPSHOT], [[...STOP, '--force']]])('says each call, and makes none: %j', async (args) => {
    const aws = await awsWith();
    const { exitCode, out } = await run([...args, '--dry-run', '--json'], aws);
    expect(exitCode).toBe(0);
    expect(aws.changes).toEqual([]);
    const { calls } = JSON.parse(out) as { calls: object[] };
    await run(args, aws);
    expect(aws.changes).toEqual(calls);
  });

  it('waits for no snapshot of somebody else', async () => {
    const aws = await awsWith((flink) => flink.snapshots.push({ name: 'nightly', path: ['CREATING'], createdMs: 1 }));
    expect((await run([...WITH_SNAPSHOT, '--dry-run'], aws)).exitCode).toBe(0);
    expect(aws.changes).toEqual([]);
  });
});
