import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@pulselake/generators';
import { DuckDbQueryEngine, Lake, verifyLake } from '@pulselake/lake';
import { expect, test } from 'vitest';
import { folderOfTest } from './support/small-lake.js';

/** Kills: few in every run, more before a release. */
const KILLS = Number(process.env['PULSELAKE_KILLS'] ?? 4);
const SEED = Number(process.env['PULSELAKE_SEED'] ?? Date.now() % 1_000_000);
const BIN = fileURLToPath(new URL('../../bin/pulselake.js', import.meta.url));
const CLIENTS = 4;
const EVENTS = 5;

/** Starts the intake and waits until it tells where it listens. */
async function serve(root: string): Promise<{ child: ChildProcess; url: string; closed: Promise<unknown> }> {
  const args = [BIN, 'serve', '--lake', root, '--port', '0', '--ingest-port', '0', '--json', '--no-watch'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.endsWith('}\n')) break;
  }
  return { child, closed, url: (JSON.parse(text) as { ingestUrl: string }).ingestUrl };
}

/** Posts events without pause until the server is gone. */
async function client(url: string, name: string, sent: Set<string>, answered: Set<string>): Promise<void> {
  for (let number = 0; ; number++) {
    const metrics = Array.from({ length: EVENTS }, (_, index) => `${name}-${number}-${index}`);
    const lines = metrics.map((metricName) => {
      const publicationTimestamp = new Date().toISOString();
      return JSON.stringify({ componentName: 'c', metricName, unit: 'u', value: 1, publicationTimestamp });
    });
    for (const metric of metrics) sent.add(metric);
    try {
      const response = await fetch(url, { method: 'POST', body: lines.join('\n') });
      const outcome = (await response.json()) as { accepted: number };
      if (outcome.accepted !== EVENTS) throw new Error(JSON.stringify(outcome));
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
    for (const metric of metrics) answered.add(metric);
  }
}

async function countsOf(root: string): Promise<Map<string, number>> {
  const engine = await DuckDbQueryEngine.open(root);
  try {
    const { rows } = await engine.query(
      'SELECT metric_name, sum(sample_count)::INTEGER FROM windowed_metrics_current GROUP BY ALL',
    );
    return new Map(rows.map(([metric, samples]) => [metric as string, samples as number]));
  } finally {
    await engine.close();
  }
}

test(`the intake killed while clients post keeps every answered event, once (${KILLS} kills, seed ${SEED})`, async () => {
  const random = createRandom(SEED).fork('intake');
  const root = join(await folderOfTest(), 'lake');
  const lake = await Lake.open(root, { command: 'test', clock: () => Date.now(), create: true });
  const sent = new Set<string>();
  const answered = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    // Each start brings in what the one before left in its journal.
    const { child, url, closed } = await serve(root);
    const clients = Array.from({ length: CLIENTS }, (_, number) => client(url, `${kill}-${number}`, sent, answered));
    await sleep(100 + random.next() * 900);
    child.kill('SIGKILL');
    await Promise.all([closed, ...clients]);
  }
  const { child, closed } = await serve(root);
  child.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  expect((await verifyLake(lake)).problems).toEqual([]);
  const counts = await countsOf(root);
  expect(answered.size).toBeGreaterThan(KILLS * EVENTS);
  expect([...answered].filter((metric) => counts.get(metric) !== 1)).toEqual([]);
  expect([...counts].filter(([metric, samples]) => samples !== 1 || !sent.has(metric))).toEqual([]);
}, 600_000);
