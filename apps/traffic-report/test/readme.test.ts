import { readFile } from 'node:fs/promises';
import { FakeIo, FakeSparkJobs, quotedFlags, readmeExamples, section } from '@pulselake/job-control/fakes';
import { expect, it } from 'vitest';
import { trafficProgram } from '../control/index.js';
import { world } from './support/run-command.js';

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');

it('shows commands that succeed', async () => {
  const { run, store, spark } = await world();
  Object.assign(store, { buckets: ['my-artifacts'] });
  Object.assign(spark, { application: '00f1abc' } satisfies Partial<FakeSparkJobs>);
  const examples = readmeExamples(README, 'pulselake-traffic');
  expect(examples.map(({ args: [command] }) => command)).toEqual(['package', 'upload', 'run', 'status']);
  for (const { line, args } of examples) {
    const { exitCode, err } = await run(...args);
    expect([exitCode, err], line).toEqual([0, expect.any(String)]);
  }
});

it('names only flags that there are', () => {
  const known = trafficProgram(new FakeIo()).commands.flatMap(({ options }) => options.map(({ long }) => long));
  const quoted = quotedFlags(section(README, 'pulselake-traffic')).filter((flag) => flag !== '--');
  expect(quoted.length).toBeGreaterThan(10);
  expect(known).toEqual(expect.arrayContaining(quoted));
});
