import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

/** What a disk does to the calls of a command. */
export interface Fault {
  /** Which calls are counted: those that need room, syncs, or all that change the disk. */
  readonly calls: 'write' | 'sync' | 'change' | 'any';
  /** The error's number; 0 kills the process instead. */
  readonly errno: number;
  /** The first call that fails, from 1; 0: none, the calls are counted. */
  readonly first: number;
  /** The last one; default the first. */
  readonly last?: number;
  /** Milliseconds after which the process is killed; default never. */
  readonly afterMs?: number;
}

/** Error numbers of Linux. */
export const ENOSPC = 28;
export const EIO = 5;
export const EROFS = 30;

/** How a command ended on a faulty disk. */
export interface FaultyResult {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Calls of the kind that the fault counts; 0 when the command was killed. */
  readonly calls: number;
}

const SOURCE = fileURLToPath(new URL('failing-disk.c', import.meta.url));
/** Longer than any command takes. */
const HANGS_AFTER_MS = 60_000;

/** Whether this machine can compile the faulty disk, which only Linux can preload. */
export function hasCompiler(): boolean {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return existsSync('/proc/self/fd');
  } catch {
    return false;
  }
}

/** The `pulselake` command as a program whose disk fails. */
export class FaultyCommand {
  readonly #library: string;
  readonly #counts: string;

  /**
   * @param program the command's main file
   * @param folder a folder for what is compiled
   */
  constructor(
    private readonly program: string,
    folder: string,
  ) {
    this.#library = join(folder, 'failing-disk.so');
    this.#counts = join(folder, 'calls.txt');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-o', this.#library, SOURCE, '-ldl']);
  }

  /** @throws when the command hangs */
  async run(args: readonly string[], root: string, fault: Fault, stdin = ''): Promise<FaultyResult> {
    return this.converse(args, root, fault, (child) => {
      child.stdin.end(stdin);
      return Promise.resolve();
    });
  }

  /**
   * Runs a command that is talked with while it runs.
   *
   * @param talk ends, without an error, when the command is gone
   * @throws when the command hangs
   */
  async converse(
    args: readonly string[],
    root: string,
    fault: Fault,
    talk: (child: ChildProcessWithoutNullStreams) => Promise<void>,
  ): Promise<FaultyResult> {
    const child = spawn(execPath, [this.program, ...args], {
      stdio: 'pipe',
      env: { ...env, ...this.#environment(root, fault) },
    });
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.resume();
    // A command that ends early leaves its input unread.
    child.stdin.on('error', () => undefined);
    const timers = [setTimeout(() => child.kill('SIGQUIT'), HANGS_AFTER_MS)];
    if (fault.afterMs !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), fault.afterMs));
    const [[exitCode, signal]] = await Promise.all([closed, talk(child)]);
    timers.forEach(clearTimeout);
    if (signal === 'SIGQUIT') throw new Error(`pulselake ${args.join(' ')} hangs: ${stderr}`);
    return { exitCode, stderr, calls: exitCode === null ? 0 : Number(readFileSync(this.#counts, 'utf8')) };
  }

  #environment(root: string, fault: Fault): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      // Calls that go to the kernel in batches would not be seen.
      UV_USE_IO_URING: '0',
      FAULT_ROOT: root,
      FAULT_CALLS: fault.calls,
      FAULT_ERRNO: String(fault.errno),
      FAULT_FIRST: String(fault.first),
      ...(fault.last !== undefined && { FAULT_LAST: String(fault.last) }),
      FAULT_COUNTS: this.#counts,
    };
  }
}
