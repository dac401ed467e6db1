import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { grafanaProgram } from '../src/commands.js';

it('names only commands and flags that there are', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const calls = [...readme.replaceAll('\\\n', ' ').matchAll(/pulselake-grafana\.js (\w+)(.*)/g)];
  expect(calls.length).toBeGreaterThan(2);
  const { commands } = grafanaProgram({ out: () => undefined, env: {} });
  for (const [line, name, rest = ''] of calls) {
    const known = commands.find((command) => command.name() === name)?.options.map(({ long }) => long) ?? [];
    const used = rest.match(/--[a-z-]+/g) ?? [];
    expect(known, line).toEqual(expect.arrayContaining(used));
  }
  const all = commands.flatMap(({ options }) => options.map(({ long }) => long));
  const quoted = [...readme.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]);
  expect(all).toEqual(expect.arrayContaining(quoted));
});
