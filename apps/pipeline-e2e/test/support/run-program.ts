import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const workspace = fileURLToPath(new URL('../../../..', import.meta.url));

/** Credentials that an emulator does not look at. */
export const EMULATOR_ENV = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'us-east-1' };

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pulselake` as a user would, as a program. */
export function pulselake(args: readonly string[], input?: string | Buffer): Promise<Finished> {
  const child = spawn('node', [`${workspace}/apps/workbench/bin/pulselake.js`, ...args], {
    env: { ...process.env, ...EMULATOR_ENV, NODE_NO_WARNINGS: '1' },
  });
  child.stdin.end(input);
  return finished(child);
}

/** Runs it and takes its JSON. @throws when it fails */
export async function pulselakeJson<T>(args: readonly string[], input?: string | Buffer): Promise<T> {
  const { exitCode, stdout, stderr } = await pulselake([...args, '--json'], input);
  if (exitCode !== 0) throw new Error(`pulselake ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

export async function finished(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { exitCode, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}
