import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METADATA_OPERATIONS } from '../../src/athena/metadata-operations.js';
import { DEFAULT_LIMITS, QueryExecutions } from '../../src/athena/query-executions.js';
import { queryOperations } from '../../src/athena/query-operations.js';
import { TRINO_FUNCTIONS } from '../../src/athena/trino-functions.js';
import { runCommand } from '../cli/support/run-command.js';
import { Endpoint } from './support/endpoint.js';
import { lakeOfFile } from './support/lake-of-file.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const textOf = (path: string) => readFile(join(ROOT, path), 'utf8');

/** What stands between two headings, or up to the end. */
const sectionOf = async (heading: string) => {
  const text = await textOf('docs/reference/athena.md');
  const [, section = ''] = text.split(`${heading}\n`);
  return section.split(/^##/m)[0]!;
};

const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);

describe('the reference', () => {
  it('names the operations there are', async () => {
    const executions = undefined as unknown as QueryExecutions;
    const offered = [...Object.keys(METADATA_OPERATIONS), ...Object.keys(queryOperations(executions, () => 0))];
    const section = (await sectionOf('### Operations')).split('Any other')[0]!;
    const named = namesIn(section.replace(/\([^)]*\)/g, ''), /`(\w+)`/g);
    expect(named.sort()).toEqual(offered.sort());
  });

  it('names the functions there are', async () => {
    expect(namesIn(await sectionOf('### Functions of Trino'), /`(\w+)`/g)).toEqual(Object.keys(TRINO_FUNCTIONS).sort());
  });

  it('names the options there are', async () => {
    const { stdout } = await runCommand(['sql', '--help']);
    const offered = namesIn(stdout, /^\s+(--[\w-]+) <[^>]+>\s+Athena:/gm);
    const section = await sectionOf('## `pulselake sql --engine athena`');
    expect(namesIn(section, /^\| `(--[\w-]+)/gm)).toEqual(offered);
  });

  it('tells the limits there are', async () => {
    const section = (await sectionOf('### Limits')).replace(/ +/g, ' ');
    const MIB = 1024 * 1024;
    expect(DEFAULT_LIMITS).toEqual({
      maxRunning: 2,
      maxQueued: 200,
      maxKept: 300,
      maxResultBytes: 512 * MIB,
      maxTotalBytes: 1024 * MIB,
      timeoutMs: 30 * 60_000,
    });
    for (const row of [
      '| queries that run at once | 2 |',
      '| queries that wait | 200 |',
      '| finished queries kept | 300 |',
      '| size of a result | 512 MiB |',
      '| size of all results | 1 GiB |',
      '| time of a query | 30 minutes |',
    ]) {
      expect(section).toContain(row);
    }
  });
});

describe('the first example of the library', () => {
  const lake = lakeOfFile();
  const folder = join(ROOT, 'apps/workbench/.vitest/example');
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await Endpoint.serve(lake.root());
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  it('runs against the local endpoint and prints what its comments say', async () => {
    const [, example = ''] = /```ts\n([^]*?)```/.exec(await textOf('libs/aws-clients/README.md')) ?? [];
    const shown: unknown[] = [];
    Object.assign(globalThis, { show: (value: unknown) => shown.push(value) });
    const runnable = example.replace('http://127.0.0.1:4690', endpoint.url).replaceAll('console.log(', 'show(');
    expect(runnable).toContain(endpoint.url);
    const path = join(folder, 'example.ts');
    await writeFile(path, runnable);
    await import(/* @vite-ignore */ pathToFileURL(path).href);
    const expected = namesIn(example, /console\.log\(.*\); \/\/ (.*)$/gm);
    expect(shown.map((value) => JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', '))).toEqual(expected);
  });
});
