import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveS3 } from '../support/serve-s3.js';
import { GOOD } from './support/records.js';
import { runCommand } from './support/run-command.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

const AT = ['--region', 'us-east-1', '--at', 's3://bucket/copies/one'];

async function pushedLake() {
  const lake = await lakeOfTest();
  const folder = await folderOfTest();
  await writeFile(join(folder, 'cart.csv'), `${GOOD.metrics}\ntorn,row`);
  await lake.ingest(['metrics', join(folder, 'cart.csv')]);
  const objects = new Map<string, Buffer>();
  const endpoint = await serveS3(objects);
  const push = () =>
    lake.run(['push', '--to', 's3://bucket/copies/one', '--region', 'us-east-1', '--endpoint', endpoint]);
  const ops = (args: readonly string[]) => runCommand(['ops', ...args, ...AT, '--endpoint', endpoint]);
  return { objects, push, ops };
}

test('a lake is pushed, proved in the bucket, and its runs are listed', async () => {
  const { objects, push, ops } = await pushedLake();
  const pushed = await push();
  expect([pushed.exitCode, pushed.stderr]).toEqual([0, '']);
  expect(pushed.stdout).toMatch(
    /^s3:\/\/bucket\/copies\/one holds this lake: 4 files, each with its digest\.\n4 were sent now/,
  );
  expect([...objects.keys()]).toContain('bucket/copies/one/lake.json');
  expect((await push()).stdout).toContain('0 were sent now (0 B), 4 were there');

  const verified = await ops(['verify']);
  expect([verified.exitCode, verified.stderr]).toEqual([0, '']);
  expect(verified.stdout).toContain('Proved: every record of s3://bucket/copies/one is accounted for.');

  const runs = await ops(['runs', '--json']);
  expect(JSON.parse(runs.stdout)).toMatchObject({ runs: [{ stage: 'metrics-etl', counts: { rejected: 1 } }] });

  const redriven = await ops(['redrive']);
  expect(redriven.exitCode).toBe(0);
  expect(redriven.stdout).toContain('0 records came home to s3://bucket/copies/one');
});

test('ops verify fails with 1 when one byte of the copy was changed, and says where', async () => {
  const { objects, push, ops } = await pushedLake();
  await push();
  const key = [...objects.keys()].find((each) => each.endsWith('.parquet'))!;
  const content = Buffer.from(objects.get(key)!);
  content[9]! ^= 1;
  objects.set(key, content);
  const { exitCode, stdout } = await ops(['verify']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`${key.slice('bucket/copies/one/'.length)}: The content is not what was written`);
});

test('ops --env fails with 1 when AWS does not say whose account it is', async () => {
  const endpoint = await serveS3(new Map());
  const args = ['ops', 'runs', '--env', 'dev', '--region', 'us-east-1', '--endpoint', endpoint];
  const { exitCode, stdout, stderr } = await runCommand(args);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('STS refuses the request for "the caller"');
});
