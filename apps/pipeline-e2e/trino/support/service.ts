import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('./run-until-stdin-ends.mjs', import.meta.url));
/** Last characters of the log that are shown when a service does not start. */
const SHOWN_OF_LOG = 3_000;

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Takes what the program prints. */
  readonly log: string;
  /** Whether it answers. */
  readonly isReady: () => Promise<boolean>;
  readonly timeoutMs: number;
}

/** A program that listens on loopback. It ends with the test's process, whatever becomes of that. */
export class Service {
  private constructor(private readonly child: ChildProcess) {}

  /** @throws Error with the end of its log when it ends, or does not answer in time */
  static async start(options: ServiceOptions): Promise<Service> {
    const { name, command, args, cwd, env, log, isReady, timeoutMs } = options;
    const child = spawn(process.execPath, [RUNNER, command, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const file = createWriteStream(log);
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    const service = new Service(child);
    const deadline = Date.now() + timeoutMs;
    while (!(await isReady())) {
      const ended = child.exitCode;
      if (ended !== null || Date.now() > deadline) {
        await service.stop();
        const text = await readFile(log, 'utf8');
        const what = ended !== null ? `ended with ${ended}` : `did not answer within ${timeoutMs / 1000} s`;
        throw new Error(`${name} ${what}. It printed last:\n${text.slice(-SHOWN_OF_LOG)}`);
      }
      await sleep(200);
    }
    return service;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
  }
}

/** A port of loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
