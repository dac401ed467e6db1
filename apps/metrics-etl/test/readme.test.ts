import { readFile } from 'node:fs/promises';
import { FakeIo, quotedFlags, readmeExamples, section } from '@pulselake/job-control/fakes';
import { expect, it } from 'vitest';
import { etlProgram } from '../control/index.js';
import { project, world } from './support/run-command.js';

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');

it('shows commands that succeed', async () => {
  const { run, store } = world({ home: await project() });
  Object.assign(store, { buckets: ['my-artifacts'] });
  const examples = readmeExamples(README, 'pulselake-etl');
  expect(examples.map(({ args: [command] }) => command)).toEqual(['package', 'upload', 'run', 'run', 'status']);
  for (const { line, args } of examples) {
    const { exitCode, err } = await run(...args);
    expect([exitCode, err], line).toEqual([0, expect.any(String)]);
  }
});

it('names only flags that there are', () => {
  const known = etlProgram(new FakeIo()).commands.flatMap(({ options }) => options.map(({ long }) => long));
  // Of Glue, not of this command.
  const quoted = quotedFlags(section(README, 'pulselake-etl')).filter(
    (flag) => flag !== '--additional-python-modules' && flag !== '--',
  );
  expect(quoted.length).toBeGreaterThan(10);
  expect(known).toEqual(expect.arrayContaining(quoted));
});
