import { DEFAULT_ASSUMPTIONS } from '@pulselake/cost-model';
import { DASHBOARDS } from '@pulselake/dashboards';
import { expect, test } from 'vitest';
import { runCommand } from './support/run-command.js';

const LOAD = [
  ...['--events-per-second', '1000', '--components', '100'],
  ...['--log-lines-per-day', '10000000', '--dashboard-viewers', '10'],
];

interface Estimate {
  readonly dollarsPerMonth: number;
  readonly lines: readonly { readonly dollarsPerMonth: number; readonly price: { readonly source: string } }[];
}

const estimateOf = async (args: readonly string[]) =>
  JSON.parse((await runCommand(['cost', ...args, '--json'])).stdout) as Estimate;

test('cost prints each part with its formula, the sum, and where the prices are from', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['cost', ...LOAD]);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/Kinesis +shards of the event stream +21\.90 +2 shards × 730 h × \$0\.015/);
  expect(stdout).toMatch(/^all +\d+\.\d\d$/m);
  expect(stdout).toContain('Shards 2 + 1; KPUs 1 + 1; Firehose 288 files a day;');
  expect(stdout).toContain('https://aws.amazon.com/kinesis/data-streams/pricing/');
  expect(stdout).toMatch(/written down in \d{4}-\d\d/);
});

test('cost --json has every line with its price and source, which add up', async () => {
  const { lines, dollarsPerMonth } = await estimateOf(LOAD);
  expect(lines.reduce((sum, line) => sum + line.dollarsPerMonth, 0)).toBeCloseTo(dollarsPerMonth, 6);
  expect(lines.every(({ price }) => price.source.startsWith('https://'))).toBe(true);
});

test('cost reckons with more metrics and files when told', async () => {
  const { dollarsPerMonth } = await estimateOf(LOAD);
  expect((await estimateOf([...LOAD, '--metrics-per-component', '50'])).dollarsPerMonth).toBeGreaterThan(
    dollarsPerMonth,
  );
  expect((await estimateOf([...LOAD, '--csv-rows-per-day', '1000000000'])).dollarsPerMonth).toBeGreaterThan(
    dollarsPerMonth,
  );
});

test.each([
  [['--region', 'mars-1'], 'No prices are written down for region mars-1; there are some for us-east-1.'],
  [['--components', '100000000'], 'components is 100000000; it must be a number from 0 to 10000000.'],
  [['--components', 'many'], 'It must be a number like 1000, 0 or more.'],
])('fails with 2 on %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await runCommand(['cost', ...LOAD, ...args]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('a refresh asks no more queries than the estimate takes for granted', () => {
  const queries = DASHBOARDS.map(
    ({ rows, variables }) =>
      rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)).length + variables.length,
  );
  expect(Math.max(...queries)).toBeLessThanOrEqual(DEFAULT_ASSUMPTIONS.queriesPerRefresh);
});
