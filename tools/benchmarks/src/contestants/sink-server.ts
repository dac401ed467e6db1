import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

const MARK = Buffer.from('"PartitionKey":');
const ENTRY = {
  SequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  ShardId: 'shardId-000000000000',
};

/**
 * Takes all records over HTTP/1.1 and, on another port, HTTP/2; on a third it is always away. Prints the ports, and serves
 * until it is killed.
 */
export function sinkServer(): Promise<string[]> {
  const answers = new Map<number, Buffer>();
  const answerOf = (body: Buffer) => {
    let records = 0;
    for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + MARK.length)) records++;
    let answer = answers.get(records);
    if (!answer) {
      const Records = Array.from({ length: records }, () => ENTRY);
      answers.set(records, (answer = Buffer.from(JSON.stringify({ FailedRecordCount: 0, Records }))));
    }
    return answer;
  };
  const take = (
    request: { on: (event: 'data' | 'end', listener: (chunk: Buffer) => unknown) => unknown },
    response: { setHeader: (name: string, value: string) => unknown; end: (body: Buffer) => unknown },
  ) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(answerOf(Buffer.concat(chunks)));
    });
  };
  const servers = [
    createServer((request, response) => take(request, response)),
    createHttp2Server((request, response) => take(request, response)),
    createServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(503).end());
    }),
  ];
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
      ),
  );
  return Promise.all(ports).then((all) => {
    process.stdout.write(`ports ${all.join(' ')}\n`);
    return new Promise<string[]>(() => undefined);
  });
}
