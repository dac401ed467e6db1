import { PutRecordsCommand, type PutRecordsOutput, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

/** Characters that JSON does not take as they are, and lone surrogates. */
// eslint-disable-next-line no-control-regex -- these are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * The SDK's command, with its body written and its answer read here.
 *
 * The SDK's serialiser walks a schema for every field of every record, and costs more than the rest of the request. Whoever
 * looks at `input` sees an ordinary command, and `send` gives the ordinary output.
 */
export function compactPutRecords(streamName: string, records: readonly PutRecordsRequestEntry[]): PutRecordsCommand {
  const command = new PutRecordsCommand({ StreamName: streamName, Records: records as PutRecordsRequestEntry[] });
  let answer: Partial<PutRecordsOutput> | undefined;
  const { middlewareStack } = command;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next({ ...args, input: { StreamName: streamName, Records: [] } });
      return { ...result, output: { ...result.output, ...answer } };
    },
    // Outermost: the SDK's logger walks input and output even when nobody listens.
    { step: 'initialize', priority: 'high', name: 'pulselakeWithoutRecords' },
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

/** Bytes of JSON for one UTF-16 unit: an escape like \u0001. */
const MOST_BYTES_PER_UNIT = 6;
/** Bytes around a record's data and key, and some more. */
const AROUND_RECORD = 40;
const EMPTY_ANSWER = Buffer.from('{}');

/** The request's JSON. */
export function putRecordsBody(streamName: string, records: readonly PutRecordsRequestEntry[]): Buffer {
  const head = `{"StreamName":${JSON.stringify(streamName)},"Records":[`;
  let most = head.length + 2;
  for (const { Data: data, PartitionKey: key } of records) {
    most += 4 * Math.ceil(data!.byteLength / 3) + MOST_BYTES_PER_UNIT * key!.length + AROUND_RECORD;
  }
  // Written in place: one text of all records would be measured, made and copied once more.
  const body = Buffer.allocUnsafeSlow(most);
  let at = body.write(head);
  let separator = '';
  for (const { Data: data, PartitionKey: key } of records) {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data!.buffer, data!.byteOffset, data!.byteLength);
    at += body.write(`${separator}{"Data":"${bytes.toString('base64')}","PartitionKey":`, at, 'latin1');
    at += body.write(ESCAPED.test(key!) ? `${JSON.stringify(key)}}` : `"${key!}"}`, at);
    separator = ',';
  }
  at += body.write(']}', at, 'latin1');
  return body.subarray(0, at);
}

async function textOf(body: unknown): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return (chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks)).toString();
}
