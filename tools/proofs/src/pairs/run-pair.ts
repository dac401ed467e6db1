import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { execPath } from 'node:process';
import { contentOf, problemsOf } from '../faults/lake-content.js';
import { NOW_MS } from '../faults/run-command.js';

/** A command's arguments without the lake. */
export type Args = readonly string[];

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** Commands on copies of one lake, as programs. */
export class Pairs {
  readonly #expected = new Map<string, string>();

  /**
   * @param program the command's main file
   * @param prepared the lake that each round begins with
   * @param root where its copy lies
   * @param stdin what arrives at the standard input of a command that reads it
   */
  constructor(
    private readonly program: string,
    private readonly prepared: string,
    private readonly root: string,
    private readonly stdin: string,
  ) {}

  /** Runs two commands at once. @returns what is wrong; nothing when all is right */
  async runAtOnce(first: Args, second: Args): Promise<string | undefined> {
    const allowed = [await this.#oneAfterTheOther(first, second), await this.#oneAfterTheOther(second, first)];
    this.#startOver();
    const ends = await Promise.all([this.#run(first), this.#run(second)]);
    for (const [index, { exitCode, stderr }] of ends.entries()) {
      const args = [first, second][index]!;
      const gaveWay = args.includes('--no-wait') && exitCode === 1 && /The lake is in use by "/.test(stderr);
      if (exitCode !== 0 && !gaveWay) return `pulselake ${args.join(' ')}: ${exitCode} ${stderr}`;
      // It says so and does nothing; afterwards it can be run again.
      if (gaveWay) {
        const again = await this.#run(args);
        if (again.exitCode !== 0) return `pulselake ${args.join(' ')}, again: ${again.exitCode} ${again.stderr}`;
      }
    }
    const problems = await problemsOf(this.root, () => NOW_MS);
    if (problems !== '') return `verify: ${problems}`;
    return allowed.includes(await contentOf(this.root)) ? undefined : 'The end is that of neither order.';
  }

  async #oneAfterTheOther(first: Args, second: Args): Promise<string> {
    const key = JSON.stringify([first, second]);
    const known = this.#expected.get(key);
    if (known !== undefined) return known;
    this.#startOver();
    for (const args of [first, second]) {
      const { exitCode, stderr } = await this.#run(args);
      if (exitCode !== 0) throw new Error(`pulselake ${args.join(' ')} alone: ${exitCode} ${stderr}`);
    }
    const content = await contentOf(this.root);
    this.#expected.set(key, content);
    return content;
  }

  async #run(args: Args): Promise<Ended> {
    const child = spawn(execPath, [this.program, ...args, '--lake', this.root], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    // Most commands leave it unread.
    child.stdin.on('error', () => undefined);
    child.stdin.end(args.includes('-') ? this.stdin : '');
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, stderr };
  }

  #startOver(): void {
    rmSync(this.root, { recursive: true, force: true });
    cpSync(this.prepared, this.root, { recursive: true });
  }
}
