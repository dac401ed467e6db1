import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a fault answers a request of S3 with, instead of obeying. */
export interface BucketFault {
  readonly status: number;
  readonly code: string;
}

/** One bucket, `jars`, of an S3 in memory. */
export class FakeBucket {
  readonly objects = new Map<string, { readonly body: Buffer; readonly modifiedMs: number }>();
  /** By method; each is answered once. */
  readonly faults: Partial<Record<string, BucketFault[]>> = {};
  readonly methods: string[] = [];
  /** Whether objects are told with the digest of their bytes: old ones have none. */
  tellsDigest = true;

  put(key: string, body: Buffer | string, modifiedMs = 0): void {
    this.objects.set(key, { body: Buffer.from(body), modifiedMs });
  }

  answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://bucket');
    const [, bucket = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    const method = request.method!;
    this.methods.push(method);
    const refuse = ({ status, code }: BucketFault) =>
      response
        .writeHead(status, { 'Content-Type': 'application/xml' })
        .end(method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>${code} it is</Message></Error>`);
    const fault = this.faults[method]?.shift();
    if (fault) refuse(fault);
    else if (bucket !== 'jars') refuse({ status: 404, code: 'NoSuchBucket' });
    else if (method === 'GET') this.#list(url.searchParams.get('prefix') ?? '', response);
    else if (method === 'HEAD') {
      const found = this.objects.get(key);
      if (!found) {
        refuse({ status: 404, code: 'NotFound' });
        return;
      }
      response
        .writeHead(200, {
          'Content-Length': found.body.byteLength,
          'Last-Modified': new Date(found.modifiedMs).toUTCString(),
          ...(this.tellsDigest && {
            'x-amz-checksum-sha256': createHash('sha256').update(found.body).digest('base64'),
            'x-amz-checksum-type': 'FULL_OBJECT',
          }),
        })
        .end();
    } else if (request.headers['if-none-match'] === '*' && this.objects.has(key)) {
      refuse({ status: 412, code: 'PreconditionFailed' });
    } else if (request.headers['x-amz-checksum-sha256'] !== createHash('sha256').update(body).digest('base64')) {
      refuse({ status: 400, code: 'BadDigest' });
    } else {
      this.put(key, body);
      response.writeHead(200).end();
    }
  }

  #list(prefix: string, response: ServerResponse): void {
    const contents = [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(
        ([key, { body, modifiedMs }]) =>
          `<Contents><Key>${key}</Key><Size>${body.byteLength}</Size><LastModified>${new Date(modifiedMs).toISOString()}</LastModified></Contents>`,
      );
    response
      .writeHead(200, { 'Content-Type': 'application/xml' })
      .end(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`);
  }
}
