import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runFlink } from '../../control/index.js';
import type { FakeAws } from './fake-aws.js';

export const NOW_MS = Date.parse('2024-05-01T12:30:00Z');

export interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly home?: string;
  readonly signal?: AbortSignal;
  readonly buildJar?: (home: string) => Promise<number>;
  /** Told before each pause. */
  readonly onPause?: () => void;
}

/** Runs the command on a stand-in of AWS. Time passes by waiting only. */
export async function run(args: readonly string[], aws?: FakeAws, options: RunOptions = {}): Promise<Ended> {
  let out = '';
  let err = '';
  let nowMs = NOW_MS;
  const exitCode = await runFlink([...args, ...(aws ? ['--endpoint', aws.url, '--region', 'eu-central-1'] : [])], {
    stdout: sink((text) => (out += text)),
    stderr: sink((text) => (err += text)),
    clock: () => nowMs,
    random: () => 0.5,
    sleep: (ms, signal) => {
      options.onPause?.();
      signal?.throwIfAborted();
      nowMs += ms;
      return Promise.resolve();
    },
    signal: options.signal ?? new AbortController().signal,
    home: options.home ?? '/nowhere',
    buildJar: options.buildJar ?? (() => Promise.reject(new Error('nothing is to be built'))),
  });
  return { exitCode, out, err };
}

/** A project with sources, and a jar unless its age is undefined. */
export async function project({ jarIsOlder }: { jarIsOlder?: boolean | undefined } = {}): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'pulselake-flink-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, 'src', 'main', 'java'), { recursive: true });
  await mkdir(join(home, 'target'));
  const source = join(home, 'src', 'main', 'java', 'Job.java');
  await writeFile(source, 'class Job {}');
  await writeFile(join(home, 'pom.xml'), '<project/>');
  for (const path of [source, join(home, 'pom.xml')]) await utimes(path, 1_000, 1_000);
  if (jarIsOlder !== undefined) await writeJar(home, jarIsOlder ? 500 : 2_000);
  return home;
}

export async function writeJar(home: string, modifiedSeconds: number): Promise<void> {
  const jar = join(home, 'target', 'window-aggregator.jar');
  await writeFile(jar, JAR);
  await utimes(jar, modifiedSeconds, modifiedSeconds);
}

export const JAR = Buffer.from('PK\u0003\u0004 a jar');

function sink(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk.toString());
      done();
    },
  });
}
