import { cp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOW_MS, runCommand } from './support/run-command.js';
import { makeFolder, SmallLake } from './support/small-lake.js';

const STAGES = [
  ['metrics', 'metrics'],
  ['events', 'events'],
  ['logs', 'access-logs'],
] as const;

let folder: string;
let data: string;
let lake: SmallLake;

beforeAll(async () => {
  folder = await makeFolder();
  data = join(folder, 'data');
  lake = new SmallLake(join(folder, 'lake'));
  const now = new Date(NOW_MS).toISOString();
  await runCommand(['generate', '--preset', 'faulty', '--seed', '7', '--scale', '0.1', '--out', data, '--now', now]);
});
afterAll(() => rm(folder, { recursive: true }));

async function ingestAll(target: SmallLake, source: string): Promise<string[]> {
  const statuses: string[] = [];
  for (const [kind, directory] of STAGES) {
    const { exitCode, document } = await target.ingest([kind, join(source, directory)]);
    expect(exitCode).toBe(0);
    statuses.push(...document.inputs.map(({ status }) => status));
  }
  return statuses;
}

describe('a faulty data set', () => {
  test('gives exactly what is expected of it', async () => {
    const statuses = await ingestAll(lake, data);
    expect(statuses.length).toBeGreaterThan(60);
    expect(new Set(statuses)).toEqual(new Set(['ingested']));
    const { exitCode, stdout } = await lake.verify(['--expected', data]);
    expect(stdout).toMatch(/Compared [\d,]+ windows, [\d,]+ report rows, [\d,]+ rejected records: 0 differences\./);
    expect(exitCode).toBe(0);
  });

  test('ingested a second time changes nothing', async () => {
    const before = await treeOf(lake.root);
    expect(new Set(await ingestAll(lake, data))).toEqual(new Set(['unchanged']));
    expect(await treeOf(lake.root)).toEqual(before);
  });

  test('gives the same in the reverse order', async () => {
    const other = new SmallLake(join(folder, 'other-lake'));
    // Which of two deliveries of a batch row counts is told by their age, so only the order of the commands is reversed.
    for (const path of (await filesIn(join(data, 'metrics'))).reverse()) {
      expect((await other.ingest(['metrics', path])).exitCode).toBe(0);
    }
    const reversed = join(folder, 'reversed');
    for (const [kind, directory] of STAGES.slice(1)) {
      await cp(join(data, directory), join(reversed, directory), { recursive: true, preserveTimestamps: true });
      const paths = await filesIn(join(reversed, directory));
      for (const [place, path] of paths.entries()) {
        const modified = new Date(NOW_MS - place * 60_000);
        await utimes(path, modified, modified);
      }
      const { exitCode, document } = await other.ingest([kind, join(reversed, directory)]);
      expect(exitCode).toBe(0);
      expect(document.inputs.map((input) => input.path)).toEqual(paths.reverse());
    }
    const { exitCode, stdout } = await other.verify(['--expected', data]);
    expect(stdout).toContain(': 0 differences.');
    expect(exitCode).toBe(0);
  });
});

describe('a comparison with what is expected', () => {
  const rename = (text: string) => text.replace(/"(componentName|source|raw)":"/, '"$1":"x');
  const changes: readonly [string, string, (lines: string[]) => string[]][] = [
    ['windowed_metrics.jsonl', 'minimum', change(/"minValue":-?/, '$&9')],
    ['windowed_metrics.jsonl', 'count', change(/"sampleCount":/, '$&1')],
    ['windowed_metrics.jsonl', 'sum', change(/"sumValue":/, '$&3')],
    ['windowed_metrics.jsonl', 'not expected', (lines) => lines.slice(1)],
    ['windowed_metrics.jsonl', 'not in the lake', (lines) => [rename(lines[0]!), ...lines]],
    ['traffic_reports.jsonl', 'not in the lake', change(/"failedRequests":/, '$&1')],
    ['traffic_reports.jsonl', 'not expected', (lines) => lines.slice(1)],
    ['traffic_reports.jsonl', 'not in the lake', (lines) => [rename(lines[0]!), ...lines]],
    ['rejected_records.jsonl', 'not in the lake', change(/"raw":"/, '$&x')],
    ['rejected_records.jsonl', 'not expected', (lines) => lines.slice(1)],
    ['rejected_records.jsonl', 'not in the lake', (lines) => [lines[0]!, ...lines]],
    ['manifest.json', 'ledger counts', change(/"accepted": /, '$&1')],
    ['manifest.json', 'rejected as malformed', change(/"malformed": /, '$&1')],
  ];

  test.each(changes)('fails when %s differs: %s', async (name, problem, edit) => {
    const expected = join(folder, 'changed');
    await cp(join(data, 'expected'), expected, { recursive: true });
    const path = join(expected, name);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const edited = edit(lines);
    expect(edited).not.toEqual(lines);
    await writeFile(path, `${edited.join('\n')}\n`);
    const { exitCode, stdout } = await lake.verify(['--expected', expected]);
    expect(stdout).toContain(problem);
    expect(stdout).toContain('Not proved');
    expect(exitCode).toBe(1);
  });

  test('fails with a clear message when the folder holds no expected results', async () => {
    const { exitCode, stderr } = await lake.verify(['--expected', folder]);
    expect(stderr).toContain('Name the expected/ folder that pulselake generate wrote');
    expect(exitCode).toBe(1);
  });
});

/** Changes the first line that has the pattern. */
function change(pattern: RegExp, replacement: string): (lines: string[]) => string[] {
  return (lines) => {
    const place = lines.findIndex((line) => pattern.test(line));
    return lines.map((line, index) => (index === place ? line.replace(pattern, replacement) : line));
  };
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const modified = new Map<string, number>();
  for (const path of paths) modified.set(path, (await stat(path)).mtimeMs);
  return paths.sort((a, b) => modified.get(a)! - modified.get(b)!);
}

/** Each file with its size and last modification, locks aside. */
async function treeOf(root: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.includes('/_lock/')) continue;
    const { size, mtimeMs } = await stat(path);
    lines.push(`${path} ${size} ${mtimeMs}`);
  }
  return lines.sort();
}
