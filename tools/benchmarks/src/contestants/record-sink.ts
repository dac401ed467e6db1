import { createKinesisClient, KinesisRecordSink } from '@pulselake/aws-clients/kinesis';
import { measureSending, sinkRecord } from './sink-work.js';

const environment = { clock: () => Date.now(), random: () => Math.random() };

/** Records through the sink. */
export function sinkOurs([port, records]: readonly string[]): Promise<string[]> {
  const client = createKinesisClient({ endpoint: `http://127.0.0.1:${port!}`, region: 'us-east-1' });
  return measureSending(Number(records), async (all) => {
    const sink = new KinesisRecordSink({ client, streamName: 'metrics', ...environment });
    for (const record of all) {
      const room = sink.put(record);
      if (!sink.hasRoom) await room;
    }
    return (await sink.close()).accepted;
  });
}

/** Records into a sink whose server is away, for some seconds: as many as it takes. */
export async function sinkDown([port, seconds]: readonly string[]): Promise<string[]> {
  const client = createKinesisClient({ endpoint: `http://127.0.0.1:${port!}`, region: 'us-east-1' });
  const sink = new KinesisRecordSink({
    client,
    streamName: 'metrics',
    retry: { baseMs: 100, capMs: 5_000, deadlineMs: 1_000 },
    ...environment,
  });
  const untilMs = performance.now() + Number(seconds) * 1000;
  for (let at = 0; performance.now() < untilMs; at++) await sink.put(sinkRecord(at));
  const { put, accepted, failed } = await sink.close();
  return [`put ${put} = accepted ${accepted} + failed ${failed}`];
}
