import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  ControlAccessDeniedError,
  ControlDeadlineError,
  ControlRequestError,
  MAX_ARTIFACT_BYTES,
  MissingError,
  S3ArtifactStore,
} from '../../src/artifacts/index.js';
import {
  type Answer,
  environment,
  FakeService,
  bucketClientOf,
  type Script,
  timeoutFor,
} from '../support/fake-service.js';

const BODY = Buffer.from('PK: a jar');
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const JAR = { bucket: 'jars', key: 'p/a.jar' };
const MODIFIED = 'Wed, 01 May 2024 12:00:00 GMT';

const refusal = (status: number, code: string): Answer => ({
  status,
  xml: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said the bucket</Message></Error>`,
});

async function storeOn(script: Script) {
  const service = await FakeService.serve(script);
  const world = environment();
  return {
    service,
    store: new S3ArtifactStore({ client: bucketClientOf(service.url, timeoutFor(script)), ...world }),
    ...world,
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('an artifact in a bucket', () => {
  it('is looked at with its digest', async () => {
    const checksum = Buffer.from(SHA256, 'hex').toString('base64');
    const headers = { 'Content-Length': '9', 'Last-Modified': MODIFIED, 'x-amz-checksum-sha256': checksum };
    const { store, service } = await storeOn({ HEAD: [{ headers }] });
    const modifiedMs = Date.parse(MODIFIED);
    expect(await store.head(JAR)).toEqual({ ...JAR, sizeBytes: 9, modifiedMs, sha256: SHA256 });
    expect(service.asked[0]?.path).toBe('/jars/p/a.jar');
  });

  it('has no digest when the bucket knows only that of its parts', async () => {
    const headers = { 'x-amz-checksum-sha256': 'AAAA', 'x-amz-checksum-type': 'COMPOSITE' };
    const { store } = await storeOn({ HEAD: [{ headers: { ...headers, 'Content-Length': '9' } }] });
    expect(await store.head(JAR)).not.toHaveProperty('sha256');
  });

  it('may not be there', async () => {
    const { store } = await storeOn({ HEAD: [{ status: 404, xml: '' }] });
    expect(await store.head(JAR)).toBeUndefined();
  });

  it('is stored once, with a checksum that the bucket holds it against', async () => {
    const { store, service } = await storeOn({ PUT: [{}, refusal(412, 'PreconditionFailed')] });
    const put = () => store.put({ ...JAR, body: BODY, sha256: SHA256 });
    expect(await put()).toBe(true);
    expect(await put()).toBe(false);
    const { headers, body } = service.asked[0]!;
    expect(body).toEqual(BODY);
    expect(headers['x-amz-checksum-sha256']).toBe(Buffer.from(SHA256, 'hex').toString('base64'));
    expect(headers['if-none-match']).toBe('*');
    expect(headers['content-length']).toBe('9');
  });

  it('is sent again when the bucket is busy, or cuts the connection', async () => {
    const { store, service, waits } = await storeOn({ PUT: [refusal(503, 'SlowDown'), 'reset', {}] });
    expect(await store.put({ ...JAR, body: BODY, sha256: SHA256 })).toBe(true);
    expect(service.asked.map(({ body }) => body.toString())).toEqual(Array(3).fill(BODY.toString()));
    expect(waits).toEqual([50, 100]);
  });

  it('is found among others, newest first over all pages', async () => {
    const page = (key: string, at: string, more: string) =>
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more !== ''}</IsTruncated>${more}<Contents><Key>${key}</Key><Size>9</Size><LastModified>${at}</LastModified></Contents></ListBucketResult>`;
    const { store, service } = await storeOn({
      GET: [
        { body: page('p/a', '2024-05-01T00:00:00Z', '<NextContinuationToken>t</NextContinuationToken>') },
        { body: page('p/b', '2024-05-02T00:00:00Z', '') },
      ],
    });
    expect((await store.list('jars', 'p/')).map(({ key }) => key)).toEqual(['p/b', 'p/a']);
    expect(service.asked[1]?.path).toContain('continuation-token=t');
  });

  it('fails when it is too large, before anything is sent', async () => {
    const { store, service } = await storeOn({});
    const body = { byteLength: MAX_ARTIFACT_BYTES + 1 } as Uint8Array;
    const error = await failureOf(store.put({ ...JAR, body, sha256: SHA256 }));
    expect(error?.message).toMatch(/has 536870913 bytes; 536870912 are taken at most/);
    expect(service.asked).toHaveLength(0);
  });
});

describe('a refusal', () => {
  it.each<[string, Answer, new (...args: never[]) => Error, RegExp]>([
    [
      '403',
      refusal(403, 'AccessDenied'),
      ControlAccessDeniedError,
      /on "jars": said the bucket. It needs s3:PutObject/,
    ],
    ['no bucket', refusal(404, 'NoSuchBucket'), MissingError, /There is no bucket "jars"/],
    ['another region', refusal(301, 'PermanentRedirect'), ControlRequestError, /another region/],
    ['a conflict', refusal(409, 'ConditionalRequestConflict'), ConflictError, /Upload again/],
    ['a wrong checksum', refusal(400, 'BadDigest'), ControlRequestError, /said the bucket/],
    ['503 for ever', refusal(503, 'SlowDown'), ControlDeadlineError, /said the bucket/],
  ])('is told as what it means: %s', async (_what, answer, type, message) => {
    const { store } = await storeOn({ PUT: [answer] });
    const error = await failureOf(store.put({ ...JAR, body: BODY, sha256: SHA256 }));
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toMatch(message);
  });

  it('without a word is one of rights, to a look', async () => {
    const { store } = await storeOn({ HEAD: [{ status: 403, xml: '' }] });
    const error = await failureOf(store.head(JAR));
    expect(error).toBeInstanceOf(ControlAccessDeniedError);
    expect(error?.message).toContain('s3:ListBucket');
  });
});
