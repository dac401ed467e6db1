import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { measureSending, sendBatches } from './sink-work.js';

/** Records through the SDK's client as it comes, and its command as it comes. */
export function sinkSdk([port, records]: readonly string[]): Promise<string[]> {
  const client = new KinesisClient({ endpoint: `http://127.0.0.1:${port!}`, region: 'us-east-1' });
  return measureSending(Number(records), (all) =>
    sendBatches(all, async (batch) => {
      const { Records = [], FailedRecordCount: failed = 0 } = await client.send(
        new PutRecordsCommand({
          StreamName: 'metrics',
          Records: batch.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
        }),
      );
      return Records.length - failed;
    }),
  );
}
