import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

/** Serves objects by `bucket/key` as S3 does, until the test has ended. @returns its address */
export async function serveS3(objects: Map<string, Buffer>): Promise<string> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const server = createServer((request, response) => void answer(objects, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    vi.unstubAllEnvs();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(objects: Map<string, Buffer>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://s3');
  const name = decodeURIComponent(url.pathname.slice(1));
  const content = objects.get(name);
  if (request.method === 'PUT') {
    objects.set(name, await buffer(request));
    response.end();
  } else if (url.searchParams.has('list-type')) {
    const bucket = name.replace(/\/?$/, '/');
    const contents = [...objects]
      .filter(([key]) => key.startsWith(`${bucket}${url.searchParams.get('prefix') ?? ''}`))
      .map(([key, body]) => {
        const etag = createHash('md5').update(body).digest('hex');
        return `<Contents><Key>${key.slice(bucket.length)}</Key><Size>${body.length}</Size><ETag>${etag}</ETag></Contents>`;
      });
    response.setHeader('Content-Type', 'application/xml');
    response.end(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
  } else if (content) {
    const checksum = createHash('sha256').update(content).digest('base64');
    response.writeHead(200, { 'Content-Length': content.length, 'x-amz-checksum-sha256': checksum });
    response.end(request.method === 'HEAD' ? undefined : content);
  } else {
    response.writeHead(404, { 'Content-Type': 'application/xml' });
    response.end(
      request.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>',
    );
  }
}
