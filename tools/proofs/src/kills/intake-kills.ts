import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDbQueryEngine } from '@pulselake/lake';
import type { Fault, FaultyCommand } from '../faults/faulty-command.js';
import { withLake } from '../faults/fault-loop.js';
import { problemsOf } from '../faults/lake-content.js';
import { NOW_MS } from '../faults/run-command.js';
import { succeed } from '../faults/stages.js';
import { faultOf, SOUND } from './command-kills.js';
import type { Kill, Killable } from './killable.js';

const SERVE = ['serve', '--port', '0', '--ingest-port', '0', '--json', '--no-watch'];
const CLIENTS = 2;
const POSTS = 3;
const EVENTS = 5;

/** `serve --ingest-port`, killed while clients post: each event that was answered is there once, any other at most once. */
export class IntakeKills implements Killable {
  readonly name = 'intake';
  readonly root: string;
  readonly calls: number[] = [];
  readonly tookMs: number[] = [];
  /** Metrics that were sent, each in one event. */
  #sent = new Set<string>();
  #answered = new Set<string>();

  private constructor(
    private readonly command: FaultyCommand,
    private readonly folder: string,
  ) {
    this.root = join(folder, 'lake');
  }

  /** Runs an intake undisturbed. `folder` is the stage's own. */
  static async rehearse(command: FaultyCommand, folder: string): Promise<IntakeKills> {
    const kills = new IntakeKills(command, folder);
    await succeed(kills.#prepared, ['ingest', 'events', '-']);
    kills.startOver();
    const started = performance.now();
    const { exitCode, stderr, calls } = await kills.#serve(SOUND, (url) => kills.#post(url));
    if (exitCode !== 0) throw new Error(`pulselake ${SERVE.join(' ')}: ${stderr}`);
    const fault = await kills.finish();
    if (fault !== undefined) throw new Error(fault);
    kills.tookMs.push(performance.now() - started);
    kills.calls.push(calls);
    return kills;
  }

  startOver(): void {
    rmSync(this.root, { recursive: true, force: true });
    cpSync(this.#prepared, this.root, { recursive: true });
    this.#sent = new Set();
    this.#answered = new Set();
  }

  async kill(_: number, kill: Kill): Promise<boolean> {
    return (await this.#serve(faultOf(kill), (url) => this.#post(url))).exitCode === null;
  }

  async killAgain(_: number, kill: Kill): Promise<boolean> {
    return (await this.#serve(faultOf(kill))).exitCode === null;
  }

  async look(): Promise<string | undefined> {
    const problems = await problemsOf(this.root, () => NOW_MS);
    return problems === '' ? undefined : `verify: ${problems}`;
  }

  async finish(): Promise<string | undefined> {
    const { exitCode, stderr } = await this.#serve(SOUND);
    if (exitCode !== 0) return `the next start: ${exitCode} ${stderr}`;
    const problems = await this.look();
    if (problems !== undefined) return problems;
    const counts = await this.#counts();
    const lost = [...this.#answered].filter((metric) => !counts.has(metric));
    const wrong = [...counts].filter(([metric, samples]) => samples !== 1 || !this.#sent.has(metric));
    if (lost.length > 0) return `${lost.length} answered events are lost`;
    return wrong.length > 0 ? `not once: ${JSON.stringify(wrong)}` : undefined;
  }

  /** Serves until what is to be done is done, then is told to end. */
  #serve(fault: Fault, whileServing: (url: string) => Promise<void> = () => Promise.resolve()) {
    return this.command.converse(withLake(this.root, SERVE), this.root, fault, async (child) => {
      const url = await addressOf(child);
      if (url === undefined) return;
      await whileServing(url);
      child.kill('SIGINT');
    });
  }

  async #post(url: string): Promise<void> {
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let post = 0; post < POSTS; post++) {
        const metrics = Array.from({ length: EVENTS }, (_, index) => `${client}-${post}-${index}`);
        for (const metric of metrics) this.#sent.add(metric);
        if (!(await isTaken(url, metrics))) return;
        for (const metric of metrics) this.#answered.add(metric);
      }
    });
    await Promise.all(clients);
  }

  async #counts(): Promise<Map<string, number>> {
    const engine = await DuckDbQueryEngine.open(this.root);
    try {
      const { rows } = await engine.query(
        'SELECT metric_name, sum(sample_count)::INTEGER FROM windowed_metrics_current GROUP BY ALL',
      );
      return new Map(rows.map(([metric, samples]) => [metric as string, samples as number]));
    } finally {
      await engine.close();
    }
  }

  get #prepared(): string {
    return join(this.folder, 'prepared');
  }
}

/** Where an intake tells that it listens; `undefined` when it ends before. */
async function addressOf({ stdout }: ChildProcessWithoutNullStreams): Promise<string | undefined> {
  let text = '';
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.endsWith('}\n')) return (JSON.parse(text) as { ingestUrl: string }).ingestUrl;
  }
  return undefined;
}

/** Posts an event per metric, and a line that is none: so a commit has two files. @returns whether all were taken; not when the server is gone */
async function isTaken(url: string, metrics: readonly string[]): Promise<boolean> {
  const publicationTimestamp = new Date().toISOString();
  const lines = metrics.map((metricName) =>
    JSON.stringify({ componentName: 'c', metricName, unit: 'u', value: 1, publicationTimestamp }),
  );
  try {
    const response = await fetch(url, { method: 'POST', body: [...lines, 'no event'].join('\n') });
    const { accepted } = (await response.json()) as { accepted: number };
    return accepted === metrics.length;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return false;
    throw error;
  }
}
