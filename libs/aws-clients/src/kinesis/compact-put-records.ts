import { PutRecordsCommand, type PutRecordsOutput } from '@aws-sdk/client-kinesis';
import type { StreamRecord } from './record-sink.js';

/** Characters that JSON does not take as they are, and lone surrogates. */
// eslint-disable-next-line no-control-regex -- these are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * The SDK's command, with its body written and its answer read here.
 *
 * The SDK's serialiser walks a schema for every field of every record, and costs more than the rest of the request. Whoever
 * looks at `input` sees an ordinary command, and `send` gives the ordinary output.
 */
export function compactPutRecords(streamName: string, records: readonly StreamRecord[]): PutRecordsCommand {
  const command = new PutRecordsCommand({
    StreamName: streamName,
    Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
  });
  let answer: Partial<PutRecordsOutput> | undefined;
  const { middlewareStack } = command;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next({ ...args, input: { StreamName: streamName, Records: [] } });
      return { ...result, output: { ...result.output, ...answer } };
    },
    { step: 'initialize', priority: 'low', name: 'pulselakeWithoutRecords' },
  );
  middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: unknown }).body = putRecordsBody(streamName, records);
      return next(args);
    },
    { step: 'serialize', priority: 'low', name: 'pulselakeBody' },
  );
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: unknown };
      if (response.statusCode === 200) {
        answer = JSON.parse(await textOf(response.body)) as PutRecordsOutput;
        response.body = EMPTY_ANSWER;
      }
      return result;
    },
    // Next to the handler: the SDK's own deserialiser then finds an empty answer.
    { step: 'deserialize', priority: 'low', name: 'pulselakeAnswer' },
  );
  return command;
}

const EMPTY_ANSWER = Buffer.from('{}');

/** The request's JSON. */
export function putRecordsBody(streamName: string, records: readonly StreamRecord[]): Buffer {
  let json = `{"StreamName":${JSON.stringify(streamName)},"Records":[`;
  let separator = '';
  for (const { data, partitionKey } of records) {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const key = ESCAPED.test(partitionKey) ? JSON.stringify(partitionKey) : `"${partitionKey}"`;
    json += `${separator}{"Data":"${bytes.toString('base64')}","PartitionKey":${key}}`;
    separator = ',';
  }
  return Buffer.from(`${json}]}`);
}

async function textOf(body: unknown): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return (chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks)).toString();
}
