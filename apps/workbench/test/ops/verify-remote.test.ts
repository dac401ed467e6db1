import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyRemote } from '../../src/ops/verify-remote.js';
import { firehoseKey, NOW_MS, StandInLake, STREAM, windowOf } from './stand-in-lake.js';

/** Two files of Firehose, and the account of the job that counted the same. */
async function deliveredLake(): Promise<StandInLake> {
  const lake = new StandInLake();
  lake.account({ read: 10, accepted: 10 });
  await lake.deliver(1, [windowOf('cart', { samples: 4 }), windowOf('shop', { samples: 3 })]);
  await lake.deliver(2, [windowOf('cart', { samples: 3, minute: 5 })]);
  return lake;
}

const subjects = ({ problems }: { problems: readonly { subject: string }[] }) => problems.map(({ subject }) => subject);

describe('a lake on AWS', () => {
  test('is proved when Firehose has delivered what the Flink job counted', async () => {
    const lake = await deliveredLake();
    const verification = await lake.verify();
    expect(verification.problems).toEqual([]);
    expect([verification.adopted, verification.files, verification.recordsRead]).toEqual([2, 2, 13]);
  });

  test('keeps the adoption in its ledger, and nothing else is written', async () => {
    const lake = await deliveredLake();
    await lake.verify();
    expect(lake.store.changes.map((change) => change.replace(/delivery-\d.*/, 'delivery')).sort()).toEqual([
      'store lake.json',
      'store pipeline_runs/dt=2024-05-01/stream-windows-job-2024-05-01.json',
      'store pipeline_runs/dt=2024-05-02/delivery',
    ]);
    lake.store.changes.length = 0;
    const again = await lake.verify();
    expect([again.adopted, again.problems, lake.store.changes]).toEqual([0, [], []]);
  });

  test('fails on a file that was lost after it was adopted', async () => {
    const lake = await deliveredLake();
    await lake.verify();
    lake.store.objects.delete(firehoseKey(2));
    const { problems } = await lake.verify();
    expect(problems[0]?.subject).toBe(firehoseKey(2));
    expect(problems[0]?.message).toContain('The file is missing');
    expect(lake.store.objects.has(firehoseKey(2))).toBe(false);
  });

  test('fails on a file that was lost before it was adopted: the windows hold less than was counted', async () => {
    const lake = await deliveredLake();
    lake.store.objects.delete(firehoseKey(2));
    const { problems } = await lake.verify();
    expect(problems).toEqual([
      { subject: `stream ${STREAM}`, message: expect.stringContaining('counted 10 events') as string },
    ]);
    expect(problems[0]?.message).toContain('hold 7. Run pulselake ops verify again');
  });

  test('fails on a file that was changed after it was adopted', async () => {
    const lake = await deliveredLake();
    await lake.verify();
    lake.damage(firehoseKey(1));
    const { problems } = await lake.verify();
    expect(problems[0]?.subject).toBe(firehoseKey(1));
    expect(problems[0]?.message).toContain('its digest differs');
    // The damaged file is not overwritten, and not adopted anew.
    expect((await lake.verify()).problems[0]?.message).toContain('its digest differs');
  });

  test('fails on a file that was replaced by one with other rows before it was adopted', async () => {
    const lake = await deliveredLake();
    await lake.deliver(2, [windowOf('cart', { samples: 5, minute: 5 })]);
    expect(subjects(await lake.verify())).toEqual([`stream ${STREAM}`]);
  });

  test('fails on a file that cannot be read', async () => {
    const lake = await deliveredLake();
    lake.store.objects.set(firehoseKey(3), Buffer.from('PAR1 is not enough'));
    const { problems } = await lake.verify();
    expect(subjects({ problems })).toEqual([firehoseKey(3)]);
    expect(problems[0]?.message).toContain('cannot be read');
  });

  test.each(['before', 'after'] as const)('fails on a file that was doubled %s the other was adopted', async (when) => {
    const lake = await deliveredLake();
    if (when === 'after') await lake.verify();
    // The same rows, one after the other: not the same bytes.
    await lake.deliver(3, [windowOf('shop', { samples: 3 }), windowOf('cart', { samples: 4 })]);
    const { problems } = await lake.verify();
    expect(problems).toEqual([
      { subject: firehoseKey(3), message: expect.stringContaining(`stands in ${firehoseKey(1)} too`) as string },
    ]);
    lake.store.objects.delete(firehoseKey(3));
    expect((await lake.verify()).problems).toEqual([]);
  });

  test('takes a file that repeats some rows only, and a correction, for no double', async () => {
    const lake = await deliveredLake();
    lake.account({ read: 2, accepted: 2, windowsCorrected: 1 });
    await lake.deliver(3, [windowOf('shop', { samples: 3 }), windowOf('cart', { samples: 5, minute: 5, revision: 1 })]);
    expect((await lake.verify()).problems).toEqual([]);
  });

  test('fails on a file that nobody lists and Firehose did not write', async () => {
    const lake = await deliveredLake();
    lake.store.objects.set('windowed_metrics/dt=2024-05-01/mine.parquet', lake.store.objects.get(firehoseKey(1))!);
    const { problems } = await lake.verify();
    expect(problems).toEqual([
      { subject: 'windowed_metrics/dt=2024-05-01/mine.parquet', message: 'No run of the ledger lists this file.' },
    ]);
  });

  test('takes the stream from the account of the Flink job, and fails on files of Firehose without one', async () => {
    const lake = await deliveredLake();
    const named = await verifyRemote(await lake.open(), { rejectedDays: 30 });
    expect([named.problems, named.adopted]).toEqual([[], 2]);
    for (const key of [...lake.store.objects.keys()]) {
      if (key.startsWith('stream_accounts/')) lake.store.objects.delete(key);
    }
    const { problems } = await verifyRemote(await lake.open(), { rejectedDays: 30 });
    expect(subjects({ problems })).toEqual([firehoseKey(1), firehoseKey(2)]);
    expect(problems[0]?.message).toContain('name the stream that it reads with --stream NAME');
  });

  test('fails on an entry of the ledger that was changed', async () => {
    const lake = await deliveredLake();
    await lake.verify();
    const key = [...lake.store.objects.keys()].find((each) => each.startsWith('pipeline_runs/dt=2024-05-02'))!;
    lake.damage(key);
    const remote = await lake.open();
    const { problems } = await verifyRemote(remote, { stream: STREAM, rejectedDays: 30 });
    expect(subjects({ problems })).toContain(key);
    await expect(remote.publish()).rejects.toThrow('is damaged');
  });

  test('fails on records that Firehose could not convert, and names the command', async () => {
    const lake = await deliveredLake();
    const key = lake.fail([windowOf('cart', { minute: 10 }), 'no window']);
    const { problems } = await lake.verify();
    expect(problems).toEqual([
      { subject: key, message: 'Not delivered: Firehose could not convert 2 records. Run pulselake ops redrive.' },
    ]);
  });

  test('knows what the lifecycle of the bucket has removed, and not what somebody else has', async () => {
    const lake = new StandInLake();
    const body = Buffer.from('{"reason":"malformed"}\n');
    const uri = 'rejected/stage=metrics-etl/dt=2024-05-01/abc-0.jsonl';
    const sha256 = createHash('sha256').update(body).digest('hex');
    lake.put({
      ...{ runId: 'metrics-etl-x', stage: 'metrics-etl', startedAt: '2024-05-01T00:00:00Z', status: 'succeeded' },
      ...{ inputs: [], outputs: [{ uri, rows: 1, records: 1, bytes: body.length, sha256 }], rowsWritten: 1 },
      counts: { read: 1, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 1 },
      rejectedByReason: { malformed: 1 },
      sequence: 1,
    });
    lake.store.objects.set(uri, body);
    expect((await lake.verify()).problems).toEqual([]);
    lake.store.objects.delete(uri);
    expect(subjects(await lake.verify())).toEqual([uri]);
    const late = await lake.verify(NOW_MS + 31 * 86_400_000);
    expect([late.problems, late.expired]).toEqual([[], 1]);
  });

  test('looks once more when something changes while it works', async () => {
    const lake = await deliveredLake();
    lake.account({ read: 2, accepted: 2 });
    const remote = await lake.open();
    await lake.deliver(3, [windowOf('late', { minute: 10 })]);
    const verification = await verifyRemote(remote, { stream: STREAM, rejectedDays: 30 });
    expect([verification.problems, verification.adopted]).toEqual([[], 3]);
  });

  test('fails when it is denied, and leaves the bucket as it was', async () => {
    const lake = await deliveredLake();
    lake.store.onCall = (call) => {
      if (call === 'store') throw new Error('AWS does not allow this on "bucket". It needs s3:PutObject.');
    };
    await expect(lake.verify()).rejects.toThrow('s3:PutObject');
    lake.store.onCall = () => undefined;
    expect((await lake.verify()).problems).toEqual([]);
  });
});
