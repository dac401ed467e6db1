import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { flinkProgram } from '../control/index.js';

it('names only commands and flags that there are', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const calls = [...readme.matchAll(/pulselake-flink (\w+)([^#\n]*)/g)];
  expect(calls.length).toBeGreaterThan(4);
  const { commands } = flinkProgram({
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    clock: () => 0,
    random: () => 0,
    sleep: () => Promise.resolve(),
    signal: new AbortController().signal,
    home: '',
    buildJar: () => Promise.resolve(1),
  });
  for (const [line, name, rest = ''] of calls) {
    const known = commands.find((command) => command.name() === name)?.options.map(({ long }) => long) ?? [];
    expect(known, line).toEqual(expect.arrayContaining(rest.match(/--[a-z-]+/g) ?? []));
  }
  const all = commands.flatMap(({ options }) => options.map(({ long }) => long));
  const quoted = [...readme.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]);
  expect(quoted.length).toBeGreaterThan(10);
  expect(all).toEqual(expect.arrayContaining(quoted));
  expect(quoted).toEqual(expect.arrayContaining(['--force', '--dry-run', '--restore', '--latest-upload']));
});
