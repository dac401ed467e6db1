import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRun, Lake } from '@pulselake/lake';
import { DeliveryBatch } from '../../src/pipelines/deliver/delivery-batch.js';
import { RemoteLake } from '../../src/ops/remote-lake.js';
import { type RemoteVerification, verifyRemote } from '../../src/ops/verify-remote.js';
import { folderOfTest } from '../cli/support/small-lake.js';
import { FakeObjectStore } from '../support/fake-object-store.js';

export const STREAM = 'pulselake-dev-windowed-metrics';
export const NOW_MS = Date.parse('2024-05-02T13:00:00Z');
const clock = () => NOW_MS;

/** A window as the Flink job sends it. */
export function windowOf(component: string, { samples = 2, minute = 0, revision = 0 } = {}): object {
  const at = (minutes: number) => new Date(Date.parse('2024-05-01T12:00:00Z') + minutes * 60_000).toISOString();
  return {
    ...{ componentName: component, metricName: 'latency', unit: 'ms', minValue: 1, maxValue: samples },
    ...{ sumValue: samples + 0.5, sampleCount: samples, fromTimestamp: at(minute), toTimestamp: at(minute + 5) },
    ...{ source: 'stream', partId: '', revision, emittedAt: at(minute + 6), inputId: '' },
  };
}

/** Key of a file that Firehose wrote. */
export function firehoseKey(number: number): string {
  const id = `0000000${number}-aaaa-bbbb-cccc-0123456789ab`;
  return `windowed_metrics/dt=2024-05-01/pulselake-dev-window-delivery-1-2024-05-01-12-06-0${number}-${id}.parquet`;
}

/** A lake in a bucket, to which a Flink job and Firehose write. */
export class StandInLake {
  readonly store = new FakeObjectStore();

  /** A file as Firehose writes it. */
  async deliver(number: number, windows: readonly object[]): Promise<string> {
    const lake = await Lake.open(join(await folderOfTest(), 'lake'), { command: 'test', clock, create: true });
    const batch = new DeliveryBatch(lake, { name: STREAM });
    for (const [index, window] of windows.entries()) {
      batch.take({ sequenceNumber: String(index), data: Buffer.from(JSON.stringify(window)) });
    }
    const run = await batch.commit(new Map());
    const content = await readFile(join(lake.root, run.outputs.find(({ uri }) => uri.endsWith('.parquet'))!.uri));
    this.store.objects.set(firehoseKey(number), content);
    return firehoseKey(number);
  }

  /** What the Flink job counted. */
  account(counts: Readonly<Record<string, number>>, rejectedByReason: Readonly<Record<string, number>> = {}): void {
    const line = {
      ...{ runId: 'stream-windows-job-2024-05-01', jobName: 'job', outputStream: STREAM, day: '2024-05-01' },
      ...{ counts, rejectedByReason },
    };
    const key = `stream_accounts/dt=2024-05-01/job-${this.store.objects.size}.jsonl`;
    this.store.objects.set(key, Buffer.from(`${JSON.stringify(line)}\n`));
  }

  /** What Firehose could not convert. */
  fail(records: readonly unknown[], key = 'delivery-errors/format-conversion-failed/1'): string {
    const lines = records.map((record) =>
      JSON.stringify({
        arrivalTimestamp: Date.parse('2024-05-01T12:07:00Z'),
        errorCode: 'DataFormatConversion.InvalidSchema',
        rawData: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)).toString('base64'),
      }),
    );
    this.store.objects.set(key, Buffer.from(lines.join('\n')));
    return key;
  }

  /** Changes one byte. */
  damage(key: string): void {
    const content = Buffer.from(this.store.objects.get(key)!);
    content[content.length >> 1]! ^= 1;
    this.store.objects.set(key, content);
  }

  async open(nowMs = NOW_MS): Promise<RemoteLake> {
    const root = join(await folderOfTest(), 'mirror');
    return RemoteLake.open(this.store, root, { command: 'test', clock: () => nowMs });
  }

  /** Verifies as the command does, and writes what was taken up into the ledger. */
  async verify(nowMs = NOW_MS): Promise<RemoteVerification> {
    const remote = await this.open(nowMs);
    const verification = await verifyRemote(remote, { stream: STREAM, rejectedDays: 30 });
    await remote.publish();
    return verification;
  }

  /** Puts a run into the ledger as another engine does. */
  put(run: Parameters<typeof encodeRun>[0]): void {
    const key = `pipeline_runs/dt=${run.startedAt.slice(0, 10)}/${run.runId}.json`;
    this.store.objects.set(key, Buffer.from(encodeRun(run)));
  }
}
