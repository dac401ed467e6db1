import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { Lake } from '@pulselake/lake';
import { expect, test, vi } from 'vitest';
import { ingestEvents } from '../../src/pipelines/ingest-events.js';
import { expandInputs } from '../../src/pipelines/expand-inputs.js';
import { ingestLogs } from '../../src/pipelines/ingest-logs.js';
import { ingestMetrics } from '../../src/pipelines/ingest-metrics.js';
import type { IngestOutcome } from '../../src/pipelines/ingest-outcome.js';
import { FILE_NAMES, GOOD, type Kind, KINDS } from '../cli/support/records.js';
import { NOW_MS } from '../cli/support/run-command.js';
import { folderOfTest, lakeOfTest } from '../cli/support/small-lake.js';

const settings = DEFAULT_WINDOW_SETTINGS;

const INGEST: Readonly<Record<Kind, (lake: Lake, path: string) => Promise<IngestOutcome[]>>> = {
  metrics: async (lake, path) => ingestMetrics(lake, await expandInputs([path]), { settings, nowMs: NOW_MS }),
  events: async (lake, path) =>
    ingestEvents(lake, await expandInputs([path]), { settings, nowMs: NOW_MS, mode: 'bounded' }),
  logs: async (lake, path) => ingestLogs(lake, await expandInputs([path]), {}),
};

async function openLake(root: string): Promise<{ lake: Lake; waits: () => Promise<void> }> {
  const messages: string[] = [];
  const lake = await Lake.open(root, {
    command: 'test',
    clock: () => NOW_MS,
    create: true,
    onMessage: (message) => messages.push(message),
  });
  return { lake, waits: () => vi.waitFor(() => expect(messages.join()).toContain('Waiting'), { timeout: 10_000 }) };
}

test.each(KINDS)('a file of %s that grows while an earlier reading waits to commit counts once', async (kind) => {
  const small = await lakeOfTest();
  const path = join(await folderOfTest(), FILE_NAMES[kind]);
  const grown = GOOD[kind] + GOOD[kind].split('\n').slice(-3).join('\n').replaceAll('cart', 'basket');
  const holder = await openLake(small.root);
  const lakes = [await openLake(small.root), await openLake(small.root)];
  const running: Promise<IngestOutcome[]>[] = [];
  await holder.lake.locked(async () => {
    for (const [index, { lake, waits }] of lakes.entries()) {
      await writeFile(path, index === 0 ? GOOD[kind] : grown);
      running.push(INGEST[kind](lake, path));
      // It has read its version and knows nothing of the other.
      await waits();
    }
  });
  const outcomes = (await Promise.all(running)).flat();
  expect(outcomes.map(({ status }) => status)).not.toContain('failed');

  const fresh = await lakeOfTest();
  await fresh.ingest([kind, path]);
  expect(await small.state()).toEqual(await fresh.state());
  expect((await small.verify()).exitCode).toBe(0);
});
