import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import { JAR, project, run, writeJar } from './support/run-command.js';

const SHA256 = createHash('sha256').update(JAR).digest('hex');
const KEY = `jars/window-aggregator-${SHA256}.jar`;
const UPLOAD = ['upload', '--bucket', 'jars', '--prefix', 'jars/'];

describe('package', () => {
  it('tells a jar that is newer than its sources, and builds nothing', async () => {
    const home = await project({ jarIsOlder: false });
    const { exitCode, out } = await run(['package', '--json'], undefined, { home });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({
      path: join(home, 'target', 'window-aggregator.jar'),
      sizeBytes: JAR.byteLength,
      sha256: SHA256,
      built: false,
    });
  });

  it.each([
    ['is missing', undefined, 'there is no jar'],
    ['is older than its sources', true, 'pom.xml is newer than the jar'],
  ])('builds a jar that %s, once', async (_what, jarIsOlder, why) => {
    const home = await project({ jarIsOlder });
    const built: string[] = [];
    const buildJar = async (where: string) => {
      built.push(where);
      await writeJar(home, 3_000);
      return 0;
    };
    const first = await run(['package'], undefined, { home, buildJar });
    expect(first.err).toBe(`building: ${why}\n`);
    expect(first.out).toContain(SHA256);
    expect((await run(['package'], undefined, { home, buildJar })).out).toContain('nothing to build');
    expect(built).toEqual([home]);
  });

  it('says that it would build, and does not', async () => {
    const home = await project({ jarIsOlder: true });
    const { exitCode, out } = await run(['package', '--dry-run'], undefined, { home });
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'would build the jar: pom.xml is newer than the jar\n' });
  });

  it('fails when Maven does', async () => {
    const home = await project();
    const { exitCode, err } = await run(['package'], undefined, { home, buildJar: () => Promise.resolve(3) });
    expect(exitCode).toBe(1);
    expect(err).toContain('Maven ended with 3');
  });

  it('fails when what lies there is no jar', async () => {
    const home = await project({ jarIsOlder: false });
    await writeFile(join(home, 'target', 'window-aggregator.jar'), '');
    const { exitCode, err } = await run(['package'], undefined, { home });
    expect(exitCode).toBe(1);
    expect(err).toContain('is no jar (0 bytes). Make it anew: pulselake-flink package');
  });
});

describe('upload', () => {
  it('stores the jar under its digest, once', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    const { exitCode, out } = await run(UPLOAD, aws, { home });
    expect(exitCode).toBe(0);
    expect(out).toContain(`s3://jars/${KEY}: stored (${JAR.byteLength} bytes)`);
    expect(aws.bucket.objects.get(KEY)?.body).toEqual(JAR);
    const again = await run([...UPLOAD, '--json'], aws, { home });
    expect(JSON.parse(again.out)).toEqual({
      bucket: 'jars',
      key: KEY,
      sizeBytes: JAR.byteLength,
      sha256: SHA256,
      uploaded: false,
    });
    expect(aws.bucket.methods).toEqual(['HEAD', 'PUT', 'HEAD']);
  });

  it('takes another file when one is named', async () => {
    const home = await project({ jarIsOlder: true });
    const aws = await FakeAws.serve();
    const jar = join(home, 'target', 'window-aggregator.jar');
    expect((await run([...UPLOAD, '--jar', jar], aws, { home })).exitCode).toBe(0);
    expect([...aws.bucket.objects.keys()]).toEqual([KEY]);
  });

  it('goes on when the bucket is busy', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    aws.bucket.faults['PUT'] = [{ status: 503, code: 'SlowDown' }];
    aws.bucket.faults['HEAD'] = [{ status: 503, code: 'SlowDown' }];
    expect((await run(UPLOAD, aws, { home })).exitCode).toBe(0);
    expect(aws.bucket.methods).toEqual(['HEAD', 'HEAD', 'PUT', 'PUT']);
  });

  it.each([
    ['HEAD', 403, 'AccessDenied', /It needs s3:GetObject and s3:ListBucket/],
    ['PUT', 403, 'AccessDenied', /It needs s3:PutObject/],
    ['PUT', 404, 'NoSuchBucket', /There is no bucket "jars"/],
  ])('fails with what people can do: %s %i', async (method, status, code, message) => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    aws.bucket.faults[method] = [{ status, code }];
    const { exitCode, err } = await run(UPLOAD, aws, { home });
    expect(exitCode).toBe(1);
    expect(err).toMatch(message);
    expect(aws.bucket.objects.size).toBe(0);
  });

  it('fails when the bucket is busy until the time is over', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    aws.bucket.faults['PUT'] = Array.from({ length: 99 }, () => ({ status: 503, code: 'SlowDown' }));
    const { exitCode, err } = await run([...UPLOAD, '--timeout-seconds', '10'], aws, { home });
    expect(exitCode).toBe(1);
    expect(err).toContain('S3 could not be asked about "jars" for 10 s');
  });

  it('fails when the jar is older than its sources, and sends nothing', async () => {
    const home = await project({ jarIsOlder: true });
    const aws = await FakeAws.serve();
    const { exitCode, err } = await run(UPLOAD, aws, { home });
    expect(exitCode).toBe(1);
    expect(err).toContain('Nothing is uploaded: pom.xml is newer than the jar. Run: pulselake-flink package');
    expect(aws.bucket.methods).toEqual([]);
  });

  it.each([
    ['of the same size', JAR.toString().replace('jar', 'bar'), true],
    ['of another size, without a digest', 'something else', false],
  ])('fails when something else lies under the key: %s', async (_what, body, tellsDigest) => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    aws.bucket.put(KEY, body);
    aws.bucket.tellsDigest = tellsDigest;
    const { exitCode, err } = await run(UPLOAD, aws, { home });
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      tellsDigest
        ? /is something else: it has \d+ bytes and the SHA-256 [0-9a-f]{64}, the artifact \d+\. Delete it/
        : /is something else: it has 14 bytes, the artifact \d+\. Delete it/,
    );
    expect(aws.bucket.methods).toEqual(['HEAD']);
  });

  it('believes a jar of the same size whose digest is not told', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    aws.bucket.put(KEY, JAR);
    aws.bucket.tellsDigest = false;
    expect((await run(UPLOAD, aws, { home })).out).toContain('is there already, nothing is sent');
  });

  it('rehearses, and sends nothing', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    const { exitCode, out, err } = await run([...UPLOAD, '--dry-run'], aws, { home });
    expect(exitCode).toBe(0);
    expect(out).toContain('would be stored');
    expect(err).toContain(`would call PutObject {"Bucket":"jars","Key":"${KEY}"`);
    expect(aws.bucket.methods).toEqual(['HEAD', 'GET']);
  });

  it('fails in a rehearsal when there is no such bucket', async () => {
    const home = await project({ jarIsOlder: false });
    const aws = await FakeAws.serve();
    const { exitCode, err } = await run(['upload', '--bucket', 'other', '--dry-run'], aws, { home });
    expect(exitCode).toBe(1);
    expect(err).toContain('There is no bucket "other"');
  });

  it.each([
    [['upload'], /--bucket/],
    [['upload', '--bucket', 'No_Bucket'], /3 to 63 small letters/],
    [['upload', '--bucket', 'jars', '--prefix', '/x'], /without bucket and leading slash/],
    [['upload', '--bucket', 'jars', '--endpoint', 'jars'], /begins with http/],
  ])('ends with 2: %j', async (args, message) => {
    const { exitCode, err } = await run(args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});
