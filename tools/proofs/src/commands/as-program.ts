import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../faults/run-command.js';

const PROGRAM = fileURLToPath(new URL('../../../../apps/workbench/bin/pulselake.js', import.meta.url));
const MEMORY_INTERVAL_MS = 100;

export interface ProgramResult extends CommandResult {
  /** The most memory that it held, in bytes; 0 where the system does not tell (other than Linux). */
  readonly peakBytes: number;
}

/** Runs `pulselake` as a program of its own; one that hangs is killed, and its exit code is −1. */
export async function asProgram(args: readonly string[], stdin?: Buffer, timeoutMs = 60_000): Promise<ProgramResult> {
  const child = spawn(execPath, [PROGRAM, ...args], { timeout: timeoutMs, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid!))), MEMORY_INTERVAL_MS);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  clearInterval(watch);
  return { exitCode: code ?? -1, stdout, stderr: signal === null ? stderr : `${stderr}killed by ${signal}`, peakBytes };
}

function peakOf(processId: number): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
    return Number(peak ?? 0) * 1024;
  } catch {
    return 0;
  }
}
