import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EMULATOR_ENV, workspace } from './run-program.js';

const PROJECT = join(workspace, 'apps/window-aggregator/target');
const MAIN = 'io.pulselake.windowaggregator.WindowAggregatorJob';
/** Ten seconds, and a second for the tick that ends them. */
const START_HOLD_MS = 11_500;
const OPENED = ['java.base/java.util', 'java.base/java.lang', 'java.base/java.time'];

/** What a job has counted, by the names of the account and the codes of the reasons. */
export type JobAccount = Readonly<Record<string, number>>;

export interface FlinkJobOptions {
  readonly endpoint: string;
  /** Folder of checkpoints and of the job's log. */
  readonly folder: string;
  /** The lake's folder. */
  readonly lake: string;
  readonly now: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** The shaded jar itself, in a JVM of its own. */
export class FlinkJob {
  #process: ChildProcess | undefined;

  constructor(private readonly options: FlinkJobOptions) {}

  /**
   * Starts it, from its last checkpoint when there is one.
   *
   * @param parallelism how many subtasks it has, for which it takes the processors that it is told of
   */
  start(parallelism = 2): void {
    const { endpoint, folder, lake, now, settings = {} } = this.options;
    const values = {
      inputStream: 'metric-events',
      outputStream: 'windowed-metrics',
      region: EMULATOR_ENV.AWS_REGION,
      endpoint,
      lakePath: lake,
      now,
      checkpointIntervalSeconds: '1',
      checkpointPath: join(folder, 'checkpoints'),
      restoreFrom: 'latest',
      ...settings,
    };
    const child = spawn(
      'java',
      [
        '-Xmx1g',
        `-XX:ActiveProcessorCount=${parallelism}`,
        // The emulator's CBOR breaks on large answers.
        '-Dorg.apache.flink.kinesis.shaded.com.amazonaws.sdk.disableCbor=true',
        '-Daws.cborEnabled=false',
        ...OPENED.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
        '-cp',
        `${PROJECT}/window-aggregator.jar:${PROJECT}/flink/*`,
        MAIN,
        ...Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]),
      ],
      { env: { ...process.env, ...EMULATOR_ENV }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(join(folder, 'job.log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#process = child;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Waits for the time in which a job that was just started gives no watermark yet, since shards may be unread. */
  async startHold(): Promise<void> {
    await sleep(START_HOLD_MS);
  }

  /** Waits until it ends by itself. @returns its exit code and the end of its log */
  async ended(timeoutMs: number): Promise<{ exitCode: number | null; log: string }> {
    const child = this.#process!;
    const signal = AbortSignal.timeout(timeoutMs);
    if (child.exitCode === null) await once(child, 'exit', { signal });
    return { exitCode: child.exitCode, log: await readFile(join(this.options.folder, 'job.log'), 'utf8') };
  }

  /** What it has counted up to its last checkpoint. */
  async account(): Promise<JobAccount> {
    const total: Record<string, number> = {};
    const folder = join(this.options.lake, 'stream_accounts');
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      if (!/(^|\/)[^./][^/]*\.jsonl$/.test(name)) continue;
      for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
        if (line === '') continue;
        const entry = JSON.parse(line) as { counts: JobAccount; rejectedByReason: JobAccount };
        for (const [key, amount] of [...Object.entries(entry.counts), ...Object.entries(entry.rejectedByReason)]) {
          total[key] = (total[key] ?? 0) + amount;
        }
      }
    }
    return total;
  }

  /** Waits for an account. @throws when the job ends, or it does not come about in time */
  async until(
    isThere: (account: JobAccount) => boolean,
    { timeoutMs = 180_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<JobAccount> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const account = await this.account();
      if (isThere(account)) return account;
      if (this.#process?.exitCode != null) throw new Error(`The job ended; see ${this.options.folder}/job.log.`);
      if (Date.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(account)}`);
      await sleep(250, undefined, signal ? { signal } : {});
    }
  }
}
