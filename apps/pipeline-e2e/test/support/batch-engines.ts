import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { EMULATOR_ENV, finished, workspace } from './run-program.js';

const PYTHON_TOOL = join(workspace, 'tools/python.mjs');

/** Runs a project's Python in its environment. @throws when it fails */
async function runPython(project: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [PYTHON_TOOL, 'run', join(workspace, 'apps', project), ...args], {
    env: {
      ...process.env,
      ...EMULATOR_ENV,
      PYSPARK_SUBMIT_ARGS:
        '--master local[2] --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1 --conf spark.driver.host=127.0.0.1 pyspark-shell',
    },
  });
  const { exitCode, stdout, stderr } = await finished(child);
  if (exitCode !== 0) throw new Error(`${project} ended with ${exitCode ?? 1}: ${stderr.slice(-4000)}${stdout}`);
  return stdout;
}

/** The Glue script as Glue runs it, on objects of S3. */
export function runGlueScript(lake: string, endpoint: string, now: string): Promise<string> {
  return runPython('metrics-etl', ['job.py', '--lake', lake, '--endpoint-url', endpoint, '--now', now]);
}

/** The Spark job, on a lake in a folder and the logs that a pattern names. */
export function runSparkJob(lake: string, logs: string, days: { first: string; last: string }): Promise<string> {
  return runPython('traffic-report', [
    'main.py',
    ...['--lake', lake, '--inputs', logs],
    ...['--from', days.first, '--to', days.last],
  ]);
}

/** Uploads files in the order of their age: what a file delivers again counts by its object's time, which has whole seconds. */
export async function uploadInOrder(s3: S3Client, folder: string, bucket: string, prefix: string): Promise<number> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { name, path, second: Math.floor((await stat(path)).mtimeMs / 1000) };
    }),
  );
  files.sort((a, b) => a.second - b.second || (a.name < b.name ? -1 : 1));
  let second = files[0]?.second;
  for (const file of files) {
    if (file.second !== second) await sleep(2_000);
    second = file.second;
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${file.name}`, Body: await readFile(file.path) }),
    );
  }
  return files.length;
}

/** Copies what a prefix holds into a folder, under the same keys; what lies in `landing/` and what is there stays. */
export async function downloadLake(s3: S3Client, bucket: string, prefix: string, folder: string): Promise<number> {
  let files = 0;
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key = '' } of page.Contents ?? []) {
      const key = Key.slice(prefix.length);
      if (key.startsWith('landing/') || key === 'lake.json') continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), await Body!.transformToByteArray(), { flag: 'wx' });
      files++;
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return files;
}
