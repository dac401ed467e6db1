import { describe, expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import { NOW_MS, run } from './support/run-command.js';

const STATUS = ['status', '--application', 'windows'];
const DIGEST = 'a'.repeat(64);

describe('status', () => {
  it('tells all that is known, and changes nothing', async () => {
    const aws = await FakeAws.serve();
    aws.flink.key = `p/window-aggregator-${DIGEST}.jar`;
    aws.flink.nowSeconds = NOW_MS / 1000 - 7_260;
    await run(['start', '--application', 'windows'], aws);
    for (let at = 1; at <= 7; at++) aws.flink.snapshots.push({ name: `s${at}`, path: ['READY'], createdMs: at * 1000 });
    const before = aws.changes.length;
    const { exitCode, out } = await run([...STATUS, '--json'], aws);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({
      application: 'windows',
      state: 'RUNNING',
      version: 3,
      runtime: 'FLINK-1_20',
      jar: { bucket: 'jars', key: aws.flink.key, sha256: DIGEST, sizeBytes: 30 },
      snapshotsEnabled: true,
      snapshots: [7, 6, 5, 4, 3].map((at) => ({
        name: `s${at}`,
        state: 'READY',
        createdAt: `1970-01-01T00:00:0${at}.000Z`,
      })),
      runningSince: '2024-05-01T10:30:00.000Z',
      uptimeSeconds: 7_200,
      logStreams: [],
      notes: [],
    });
    expect((await run(STATUS, aws)).out).toContain('runs since 2024-05-01T10:30:00.000Z (2 h 0 min)');
    expect(aws.changes).toHaveLength(before);
  });

  it('leaves out what there is not', async () => {
    const aws = await FakeAws.serve();
    aws.flink.snapshotsEnabled = false;
    const { out } = await run(STATUS, aws);
    expect(out.split('\n')).toEqual([
      'windows: READY, version 3, FLINK-1_20',
      'jar: s3://jars/old.jar',
      'SHA-256: not known, since the key does not name it',
      'snapshots are off: a stop or an update loses the state',
      'The application writes no logs: give it a CloudWatch logging option.',
      '',
    ]);
  });

  it('says what may not be read, and tells the rest', async () => {
    const aws = await FakeAws.serve();
    aws.flink.state = 'RUNNING';
    aws.flink.faults['ListApplicationOperations'] = [{ fault: 'AccessDeniedException' }];
    const { exitCode, out } = await run(STATUS, aws);
    expect(exitCode).toBe(0);
    expect(out).toContain('windows: RUNNING, version 3');
    expect(out).toContain('It needs kinesisanalytics:ListApplicationOperations.');
  });

  it('shows no control characters of the service', async () => {
    const aws = await FakeAws.serve();
    aws.flink.key = 'a\u001b[2Jb.jar';
    expect((await run(STATUS, aws)).out).toContain('a\\u001b[2Jb.jar');
  });

  it('fails when there is no such application', async () => {
    const aws = await FakeAws.serve();
    const { exitCode, out, err } = await run(['status', '--application', 'other'], aws);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain('There is no application "other"');
  });
});
