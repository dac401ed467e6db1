import { createHash, createHmac } from 'node:crypto';
import { Pool } from 'undici';
import { measureSending, sendBatches, type SinkRecord } from './sink-work.js';

const REGION = 'us-east-1';
const SECRET = 'test';
const TARGET = 'Kinesis_20131202.PutRecords';
const TYPE = 'application/x-amz-json-1.1';

/** Records by PutRecords, written, signed and sent by hand. */
export function sinkSigned([port, records]: readonly string[]): Promise<string[]> {
  const host = `127.0.0.1:${port!}`;
  const pool = new Pool(`http://${host}`, { connections: 8 });
  return measureSending(Number(records), (all) =>
    sendBatches(all, async (batch) => {
      const payload = body(batch);
      const answer = await pool.request({ method: 'POST', path: '/', headers: sign(host, payload), body: payload });
      const { Records, FailedRecordCount: failed } = (await answer.body.json()) as {
        Records: unknown[];
        FailedRecordCount: number;
      };
      return Records.length - failed;
    }),
  );
}

function body(batch: readonly SinkRecord[]): Buffer {
  const Records = batch.map(({ data, partitionKey }) => ({
    Data: data.toString('base64'),
    PartitionKey: partitionKey,
  }));
  return Buffer.from(JSON.stringify({ StreamName: 'metrics', Records }));
}

/** Signature version 4. */
function sign(host: string, payload: Buffer): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = date.slice(0, 8);
  const hash = createHash('sha256').update(payload).digest('hex');
  const signed = 'content-type;host;x-amz-date;x-amz-target';
  const canonical = `POST\n/\n\ncontent-type:${TYPE}\nhost:${host}\nx-amz-date:${date}\nx-amz-target:${TARGET}\n\n${signed}\n${hash}`;
  const scope = `${day}/${REGION}/kinesis/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const key = [day, REGION, 'kinesis', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${SECRET}`,
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return {
    'content-type': TYPE,
    'x-amz-date': date,
    'x-amz-target': TARGET,
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}
