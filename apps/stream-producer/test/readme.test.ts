import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { producerCommand } from '../src/produce-program.js';

it.each(['../README.md', '../../../docs/reference/kinesis.md'])('%s names only flags that there are', async (path) => {
  const text = await readFile(new URL(path, import.meta.url), 'utf8');
  const io = { stdout: new PassThrough(), stderr: new PassThrough() };
  const known = producerCommand(io, () => Promise.resolve()).options.map(({ long }) => long);
  const calls = [...text.matchAll(/pulselake-produce(.*)/g)].map(([, rest = '']) => rest).join(' ');
  const quoted = [...text.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]!);
  const used = [...(calls.match(/--[a-z-]+/g) ?? []), ...quoted];
  expect(used.length).toBeGreaterThan(5);
  expect(known).toEqual(expect.arrayContaining(used));
});
