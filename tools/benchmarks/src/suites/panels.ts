import { deepStrictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import {
  DASHBOARDS,
  expandForDuckDb,
  resolveVariables,
  stepForRange,
  type Dashboard,
  type Panel,
  type VariableValues,
} from '@pulselake/dashboards';
import { duckDbEmptySelect, duckDbSelect, TABLES, utcDay, windowedMetricsCurrentView } from '@pulselake/data-model';
import { globOf } from '@pulselake/lake';
import { FLEET_START_MS } from '../contestants/make-fleet-lake.js';
import { runOnce } from '../measure.js';
import { atMost, type Verdict } from '../verdict.js';
import type { Suite, SuiteOptions } from './suite.js';

const DAY_MS = 86_400_000;
const DAYS = 30;
const COMPONENTS = 200;
const VIEWERS = 50;
const POINTS = 300;
/** The server looks for days without repeats when it starts, beside its queries; thirty take it a quarter of a minute. */
const LONGEST_SETTLE_MS = 180_000;

/** Below this a query is over before the way to the server and back; there the way itself is judged. */
const SHORT_MS = 20;
const WAY_MS = 25;

/** What is looked at: the last days of the lake, by a viewer of one component or of all. */
interface View {
  readonly days: number;
  readonly component?: string;
  /** Default all that such a viewer can be shown. */
  readonly panels?: readonly string[];
}

const VIEWS: readonly View[] = [
  { days: 1, component: 'service-7' },
  { days: DAYS, component: 'service-7' },
  { days: 7, panels: ['overview', 'samples', 'summary', 'freshness'] },
  // Bare DuckDB takes a quarter of a minute for each.
  { days: DAYS, panels: ['summary'] },
];

/** Panels of the dashboards on a lake of ten million windows: the server's time against the same queries in bare DuckDB. */
export const panels: Suite = {
  async compare(options) {
    const lake = join(options.folder, 'lake');
    const components = String(Math.max(1, Math.round(COMPONENTS * options.scale)));
    const { stdout } = await runOnce({
      name: 'make-fleet-lake',
      command: options.work('make-fleet-lake', lake, String(DAYS), components),
    });
    const bare = await bareDuckDb(lake);
    const server = await serve(options, lake);
    try {
      await settled(server.url);
      const verdicts: Verdict[] = [];
      for (const view of VIEWS) verdicts.push(...(await compareView(view, server.url, bare, options.rounds)));
      verdicts.push(await crowd(server.url, options.rounds));
      return verdicts.map((verdict) => ({ ...verdict, work: `${verdict.work}, ${stdout.trim()}` }));
    } finally {
      await server.stop();
      bare.closeSync();
      await rm(options.folder, { recursive: true });
    }
  },
};

/** The panel of the view whose ratio is the worst, and the longest way of those that are over at once. */
async function compareView(view: View, url: string, bare: DuckDBConnection, rounds: number): Promise<Verdict[]> {
  let worst: Verdict | undefined;
  let way: Verdict | undefined;
  for (const { dashboard, panel } of panelsOf(view)) {
    const context = contextOf(view, dashboard);
    const ask = addressOf(url, dashboard, panel, context);
    const statements = panel.queries.map(({ sql }) => expandForDuckDb(sql, context));
    const inBare = () => Promise.all(statements.map(async (sql) => (await bare.runAndReadAll(sql)).getRowsJson()));
    const times: { ours: number; bare: number }[] = [];
    for (let round = -1; round < rounds; round++) {
      const [ours, answer] = await timed(() => fetchJson<{ queries: { rows: unknown[][] }[] }>(ask));
      const [baseline, rows] = await timed(inBare);
      deepStrictEqual(
        answer.queries.map((query) => query.rows.length),
        rows.map((result) => result.length),
      );
      if (round >= 0) times.push({ ours, bare: baseline });
    }
    const ours = median(times.map((time) => time.ours));
    const baseline = median(times.map((time) => time.bare));
    const measured = {
      figure: milliseconds(ours),
      baseline: `bare DuckDB ${milliseconds(baseline)}`,
      spread: `${range(times.map((time) => time.ours))} against ${range(times.map((time) => time.bare))}`,
    };
    const of = `of ${view.days} days of ${view.component ?? 'all'}`;
    if (baseline < SHORT_MS) {
      const judged = { ...atMost(ours - baseline, WAY_MS), target: `≤ ${WAY_MS} ms more` };
      if (!way || judged.ratio > way.ratio)
        way = { work: `panel ${panel.id}, the longest way ${of}`, ...measured, ...judged };
    } else {
      const judged = atMost(ours / baseline, 1.5);
      if (!worst || judged.ratio > worst.ratio)
        worst = { work: `panel ${panel.id}, the slowest ${of}`, ...measured, ...judged };
    }
  }
  return [worst, way].filter((verdict) => verdict !== undefined);
}

/** Fifty viewers of one panel at once, the slowest of them, against one alone. */
async function crowd(url: string, rounds: number): Promise<Verdict> {
  const view = { days: DAYS };
  const { dashboard, panel } = panelsOf(view).find((entry) => entry.panel.id === 'summary')!;
  const ask = addressOf(url, dashboard, panel, contextOf(view, dashboard));
  const times: { one: number; all: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const [one] = await timed(() => fetchJson(ask));
    const [all] = await timed(() => Promise.all(Array.from({ length: VIEWERS }, () => fetchJson(ask))));
    if (round >= 0) times.push({ one, all });
  }
  const [one, all] = [median(times.map((time) => time.one)), median(times.map((time) => time.all))];
  return {
    work: `panel summary for ${VIEWERS} viewers at once`,
    figure: milliseconds(all),
    baseline: `one viewer ${milliseconds(one)}`,
    ...atMost(all / one, 2),
    spread: `${range(times.map((time) => time.all))} against ${range(times.map((time) => time.one))}`,
  };
}

function panelsOf(view: View): { dashboard: Dashboard; panel: Panel }[] {
  return DASHBOARDS.flatMap((dashboard) =>
    dashboard.rows.flatMap((row) =>
      row.panels.filter(({ id }) => view.panels?.includes(id) ?? true).map((panel) => ({ dashboard, panel })),
    ),
  );
}

function contextOf({ days, component }: View, dashboard: Dashboard) {
  const toMs = FLEET_START_MS + DAYS * DAY_MS - 1;
  const fromMs = toMs + 1 - days * DAY_MS;
  const chosen: VariableValues = {
    component: component === undefined ? [] : [component],
    service: component === undefined ? [] : [component],
    day: [utcDay(toMs)],
    compareDay: [utcDay(toMs - DAY_MS)],
  };
  const known = new Set(dashboard.variables.map(({ name }) => name));
  const given = Object.fromEntries(
    Object.entries(chosen).filter(([name, values]) => known.has(name) && values.length > 0),
  );
  return {
    fromMs,
    toMs,
    intervalMs: stepForRange({ fromMs, toMs, maxPoints: POINTS }),
    variables: resolveVariables(dashboard, given),
    given,
  };
}

function addressOf(
  url: string,
  dashboard: Dashboard,
  panel: Panel,
  { fromMs, toMs, given }: ReturnType<typeof contextOf>,
): string {
  const parameters = new URLSearchParams({ from: String(fromMs), to: String(toMs), points: String(POINTS) });
  for (const [name, values] of Object.entries(given)) {
    for (const value of values) parameters.append(`var-${name}`, value);
  }
  return `${url}/api/dashboards/${dashboard.uid}/panels/${panel.id}?${parameters.toString()}`;
}

async function bareDuckDb(lake: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const table of TABLES) {
    // What the lake has no file of is not asked for here either.
    const select = duckDbSelect(table, globOf(lake, table));
    await connection
      .run(`CREATE VIEW ${table.name} AS ${select}`)
      .catch(() => connection.run(`CREATE VIEW ${table.name} AS ${duckDbEmptySelect(table)}`));
  }
  await connection.run(`CREATE VIEW windowed_metrics_current AS ${windowedMetricsCurrentView('duckdb')}`);
  return connection;
}

async function serve({ work }: SuiteOptions, lake: string) {
  const [program, ...args] = work('pulselake', '--lake', lake, 'serve', '--port', '0', '--no-watch');
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (address) resolve(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
  });
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Resolves when the server has looked for repeats: while it does, a panel takes up to three times as long. */
async function settled(url: string): Promise<void> {
  const explain = { sql: 'EXPLAIN SELECT count(*), max(max_value) FROM windowed_metrics_current' };
  const deadlineMs = performance.now() + LONGEST_SETTLE_MS;
  while (performance.now() < deadlineMs) {
    const plan = await fetchJson<{ rows: unknown[][] }>(`${url}/api/sql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(explain),
    });
    // Settled days are read beside the others.
    if (JSON.stringify(plan.rows).includes('UNION')) return;
    await sleep(500);
  }
  throw new Error(`The server has not settled its days within ${LONGEST_SETTLE_MS / 1000} seconds.`);
}

async function fetchJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(address, init);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, result: T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const milliseconds = (ms: number) => `${Math.round(ms)} ms`;
const range = (values: readonly number[]) => `${Math.round(Math.min(...values))}–${milliseconds(Math.max(...values))}`;
