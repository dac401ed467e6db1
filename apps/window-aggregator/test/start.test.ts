import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import { run } from './support/run-command.js';

const START = ['start', '--application', 'windows'];
const DIGEST = createHash('sha256').update('new').digest('hex');
const KEY = `p/window-aggregator-${DIGEST}.jar`;
const NEW = [...START, '--jar-key', KEY];

const RESTORE = (type: string, name?: string) => ({
  ApplicationRestoreConfiguration: { ApplicationRestoreType: type, ...(name !== undefined && { SnapshotName: name }) },
});

async function awsWith(change: (flink: FakeAws['flink']) => void = () => undefined): Promise<FakeAws> {
  const aws = await FakeAws.serve();
  aws.bucket.put('old.jar', 'old');
  aws.bucket.put(KEY, 'new');
  change(aws.flink);
  return aws;
}

const changesOf = (aws: FakeAws) => aws.changes.map(({ operation }) => operation);

describe('a job that is stopped', () => {
  it('is started, and waited for', async () => {
    const aws = await awsWith();
    const { exitCode, out, err } = await run(START, aws);
    expect(exitCode).toBe(0);
    expect(out).toBe('windows is RUNNING with s3://jars/old.jar, version 3\n');
    expect(err.split('\n')).toEqual([
      'windows: READY',
      'windows has no snapshot: the job starts without state, where its setting startAt says.',
      'windows: start',
      'windows: STARTING',
      'windows: RUNNING',
      '',
    ]);
    expect(aws.changes).toEqual([
      {
        operation: 'StartApplication',
        input: { ApplicationName: 'windows', RunConfiguration: RESTORE('SKIP_RESTORE_FROM_SNAPSHOT') },
      },
    ]);
  });

  it('is started once, however often it is asked', async () => {
    const aws = await awsWith();
    await run(NEW, aws);
    const { exitCode, out } = await run(NEW, aws);
    expect(exitCode).toBe(0);
    expect(out).toBe(`windows is RUNNING already with s3://jars/${KEY}, version 4: nothing was changed\n`);
    expect(changesOf(aws)).toEqual(['UpdateApplication', 'StartApplication']);
  });

  it('takes another jar first, by the version that was seen', async () => {
    const aws = await awsWith();
    const { out } = await run([...NEW, '--json'], aws);
    expect(aws.changes[0]?.input).toMatchObject({ CurrentApplicationVersionId: 3 });
    expect(aws.changes[0]?.input).not.toHaveProperty('RunConfigurationUpdate');
    expect(JSON.parse(out)).toEqual({
      application: 'windows',
      state: 'RUNNING',
      version: 4,
      did: ['updated', 'started'],
      jar: { bucket: 'jars', key: KEY, sha256: DIGEST },
    });
  });

  it('goes on from its newest snapshot', async () => {
    const aws = await awsWith((flink) => flink.snapshots.push({ name: 'a', path: ['READY'], createdMs: 1 }));
    await run(START, aws);
    expect(aws.changes[0]?.input).toMatchObject({ RunConfiguration: RESTORE('RESTORE_FROM_LATEST_SNAPSHOT') });
  });

  it('goes on from a snapshot by its name', async () => {
    const aws = await awsWith((flink) => flink.snapshots.push({ name: 'a', path: ['READY'], createdMs: 1 }));
    await run([...START, '--restore', 'a'], aws);
    expect(aws.changes[0]?.input).toMatchObject({ RunConfiguration: RESTORE('RESTORE_FROM_CUSTOM_SNAPSHOT', 'a') });
  });

  it('fails to go on from a snapshot that cannot be used, and says which can', async () => {
    const aws = await awsWith((flink) =>
      flink.snapshots.push({ name: 'a', path: ['FAILED'], createdMs: 2 }, { name: 'b', path: ['READY'], createdMs: 1 }),
    );
    const { exitCode, err } = await run([...START, '--restore', 'a'], aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('The snapshot "a" of windows is FAILED. Usable, newest first: b.');
    expect(aws.changes).toEqual([]);
  });

  it('takes the newest upload, and nothing that only begins like one', async () => {
    const aws = await awsWith();
    const older = `p/window-aggregator-${'0'.repeat(64)}.jar`;
    aws.bucket.put(older, 'older', -1_000);
    aws.bucket.put(`${KEY}.bak`, 'newer', 1_000);
    const { out } = await run([...START, '--latest-upload', '--prefix', 'p/', '--json'], aws);
    expect(JSON.parse(out)).toMatchObject({ jar: { key: KEY } });
  });

  it('is waited for when somebody else is starting it', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STARTING', 'STARTING', 'RUNNING']));
    const { exitCode, out } = await run(START, aws);
    expect(exitCode).toBe(0);
    expect(out).toContain('RUNNING already');
    expect(aws.changes).toEqual([]);
  });

  it('is started after it has stopped', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STOPPING', 'READY']));
    expect((await run(START, aws)).exitCode).toBe(0);
    expect(changesOf(aws)).toEqual(['StartApplication']);
  });
});

describe('a job that runs', () => {
  it('takes another jar with its state', async () => {
    const aws = await awsWith((flink) => (flink.state = 'RUNNING'));
    const { exitCode, out } = await run(NEW, aws);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `windows is RUNNING with s3://jars/${KEY}, version 4\n`,
    });
    expect(changesOf(aws)).toEqual(['UpdateApplication']);
    expect(aws.changes[0]?.input).toMatchObject({
      RunConfigurationUpdate: RESTORE('RESTORE_FROM_LATEST_SNAPSHOT'),
    });
  });

  it('is believed to run the new jar only when time has passed, where no change was seen', async () => {
    const aws = await awsWith((flink) => {
      flink.state = 'RUNNING';
      flink.paths.update = ['RUNNING', 'RUNNING', 'READY'];
      flink.error = 'no main class';
    });
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('it did not come to run, and is stopped. The service says: no main class');
  });

  it('fails to take another jar when that would lose its state', async () => {
    const aws = await awsWith((flink) => {
      flink.state = 'RUNNING';
      flink.snapshotsEnabled = false;
    });
    const { exitCode, err } = await run(NEW, aws);
    expect(exitCode).toBe(1);
    expect(err).toContain('would lose its state. Switch them on, or give --restore none.');
    expect(aws.changes).toEqual([]);
    expect((await run([...NEW, '--restore', 'none'], aws)).exitCode).toBe(0);
  });
});

describe('a rehearsal', () => {
  it('says each call, and makes none', async () => {
    const aws = await awsWith((flink) => (flink.state = 'RUNNING'));
    const { exitCode, out, err } = await run([...NEW, '--dry-run', '--json'], aws);
    expect(exitCode).toBe(0);
    expect(aws.changes).toEqual([]);
    const { calls } = JSON.parse(out) as { calls: { operation: string; input: object }[] };
    expect(err).toContain(`would call UpdateApplication ${JSON.stringify(calls[0]?.input)}`);
    await run(NEW, aws);
    expect(aws.changes).toEqual(calls);
  });

  it('says what would follow from a stopped job with another jar', async () => {
    const aws = await awsWith();
    const { out, err } = await run([...NEW, '--dry-run'], aws);
    expect(err.match(/would call \w+/g)).toEqual(['would call UpdateApplication', 'would call StartApplication']);
    expect(err).toContain('would go on: windows: RUNNING');
    expect(out).toBe('windows: 2 calls would be made; none was\n');
    expect(aws.changes).toEqual([]);
  });

  it('waits for nothing', async () => {
    const aws = await awsWith((flink) => (flink.path = ['STARTING']));
    const { exitCode, out } = await run([...START, '--dry-run'], aws);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'windows: nothing would be changed\n' });
  });
});

describe('wrong usage', () => {
  it.each([
    [['start'], /--application/],
    [[...START, '--jar-key', 'a', '--latest-upload'], /cannot be used with/],
    [[...START, '--prefix', 'p/'], /--prefix goes with --latest-upload/],
    [[...START, '--bucket', 'jars'], /--bucket goes with/],
    [[...START, '--restore', 'a b'], /latest, none, or a name/],
    [[...START, '--timeout-seconds', '0'], /whole number from 1/],
    [[...START, '--jar-key', 's3://jars/a'], /without bucket/],
    [['start', '--application', 'a/b'], /1 to 128 letters/],
    [['restart'], /unknown command/],
  ])('ends with 2: %j', async (args, message) => {
    const { exitCode, err } = await run(args);
    expect(err).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('shows where an error comes from when it is asked', async () => {
    const aws = await awsWith();
    expect((await run(['start', '--application', 'other', '--debug'], aws)).err).toContain('    at ');
  });
});
