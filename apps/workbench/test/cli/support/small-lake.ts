import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineRun, RunCounts } from '@pulselake/data-model';
import type { QueryValue } from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { onTestFinished } from 'vitest';
import { type CommandOptions, type CommandResult, runCommand } from './run-command.js';

/** A new folder; the caller removes it. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'pulselake-test-'));
}

/** A new folder that is gone after the test. */
export async function folderOfTest(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What `ingest … --json` prints. */
export interface IngestDocument {
  readonly inputs: readonly { path: string; status: string; message?: string; runId?: string }[];
  readonly counts: RunCounts;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly runs: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** A lake in a folder. */
export class SmallLake {
  constructor(readonly root: string) {}

  /** Runs a command on this lake. */
  run(args: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return runCommand([...args, '--lake', this.root], options);
  }

  /** Runs an ingest and reads its document, which is empty when there is none. */
  async ingest(
    args: readonly string[],
    options?: CommandOptions,
  ): Promise<CommandResult & { readonly document: IngestDocument }> {
    const result = await this.run(['ingest', ...args, '--json'], options);
    return { ...result, document: JSON.parse(result.stdout === '' ? '{}' : result.stdout) as IngestDocument };
  }

  /** The rows of a query. */
  async rows(sql: string): Promise<Row[]> {
    const { stdout, stderr } = await this.run(['sql', sql, '--json']);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Row[];
  }

  /** The only number of the only row of a query. */
  async number(sql: string): Promise<number> {
    return Number(Object.values((await this.rows(sql))[0]!)[0]);
  }

  /** The ledger in the order of the commits: the clock of tests stands still. */
  async ledger(): Promise<PipelineRun[]> {
    const { stdout } = await this.run(['runs', '--json', '--limit', '100000']);
    return (JSON.parse(stdout) as { runs: PipelineRun[] }).runs.sort((a, b) => a.sequence! - b.sequence!);
  }

  verify(args: readonly string[] = []): Promise<CommandResult> {
    return this.run(['verify', ...args]);
  }

  /** The files below a folder of the lake, as keys. */
  async keys(prefix: string): Promise<string[]> {
    const entries = await readdir(join(this.root, prefix), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
      .sort();
  }

  /** Everything that must not depend on the order, or on the history, of what was ingested. */
  async state(): Promise<readonly (readonly QueryValue[])[][]> {
    const engine = await DuckDbQueryEngine.open(this.root);
    try {
      const states = [];
      for (const sql of STATE) states.push([...(await engine.query(sql)).rows]);
      return states;
    } finally {
      await engine.close();
    }
  }
}

const STATE = [
  `SELECT component_name, metric_name, unit, from_timestamp, to_timestamp, source, min_value, max_value,
    round(sum_value, 9), sample_count FROM windowed_metrics_current ORDER BY ALL`,
  'SELECT * FROM traffic_reports ORDER BY ALL',
  'SELECT stage, reason, line, raw, raw_base64, truncated FROM rejected_records ORDER BY ALL',
];

/** A lake of one test. */
export async function lakeOfTest(): Promise<SmallLake> {
  return new SmallLake(join(await folderOfTest(), 'lake'));
}
