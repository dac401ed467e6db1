import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

/** What happens to the next request of a method instead of an answer. */
export type Fault = 'throttled' | 'denied' | 'reset' | 'cut';

/** As much of S3 as the store asks for, over real HTTP: keys in one bucket, pages of two, checksums that are checked. */
export class S3StandIn {
  readonly objects = new Map<string, Buffer>();
  /** By method: what comes before the first right answer. */
  readonly faults = new Map<string, Fault[]>();
  readonly asked: string[] = [];
  url = '';

  static async serve(): Promise<S3StandIn> {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const standIn = new S3StandIn();
    const server = createServer((request, response) => void standIn.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
      vi.unstubAllEnvs();
    });
    return standIn;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://s3');
    const method = request.method!;
    const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, '');
    this.asked.push(`${method} ${key}`);
    const fault = this.faults.get(method)?.shift();
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'throttled') {
      refuse(response, 503, 'SlowDown');
      return;
    }
    if (fault === 'denied') {
      refuse(response, 403, 'AccessDenied');
      return;
    }
    const stored = this.objects.get(key);
    if (method === 'PUT') return this.#put(key, request, response);
    if (method === 'DELETE') {
      this.objects.delete(key);
      return void response.writeHead(204).end();
    }
    if (url.searchParams.has('list-type')) {
      this.#list(url.searchParams, response);
      return;
    }
    if (!stored) {
      refuse(response, 404, 'NoSuchKey');
      return;
    }
    const checksum = createHash('sha256').update(stored).digest('base64');
    response.writeHead(200, { 'Content-Length': stored.length, 'x-amz-checksum-sha256': checksum });
    if (method === 'HEAD') return void response.end();
    if (fault !== 'cut') return void response.end(stored);
    response.write(stored.subarray(0, stored.length >> 1), () => request.socket.destroy());
  }

  async #put(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const checksum = createHash('sha256').update(body).digest('base64');
    if (request.headers['x-amz-checksum-sha256'] !== checksum) {
      refuse(response, 400, 'BadDigest');
      return;
    }
    this.objects.set(key, body);
    response.writeHead(200, { ETag: '"e"' }).end();
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort();
    const page = keys.slice(0, 2);
    const contents = page.map((key) => {
      const body = this.objects.get(key)!;
      const etag = createHash('md5').update(body).digest('hex');
      return `<Contents><Key>${escapeXml(key)}</Key><Size>${body.length}</Size><ETag>"${etag}"</ETag></Contents>`;
    });
    const isLast = page.length === keys.length;
    const token = isLast ? '' : `<NextContinuationToken>${escapeXml(page.at(-1)!)}</NextContinuationToken>`;
    response
      .writeHead(200, { 'Content-Type': 'application/xml' })
      .end(`<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said S3</Message></Error>`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
