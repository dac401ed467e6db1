/** Asks a server that speaks for Kinesis, without the SDK. */
export async function askKinesis(
  url: string,
  operation: string,
  body: object,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `Kinesis_20131202.${operation}`,
      'X-Amz-Date': '20240301T000000Z',
      Authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

interface ReadEntry {
  readonly Data: string;
}

/** The texts that a stream of one shard holds, in order. */
export async function textsOf(url: string, StreamName: string): Promise<string[]> {
  const { ShardIterator } = (await (
    await askKinesis(url, 'GetShardIterator', {
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    })
  ).json()) as { ShardIterator: string };
  const { Records } = (await (await askKinesis(url, 'GetRecords', { ShardIterator })).json()) as {
    Records: ReadEntry[];
  };
  return Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
}
