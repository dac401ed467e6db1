import { amount, type CostEstimate, estimateCost, InvalidLoadError, UnknownRegionError } from '@pulselake/cost-model';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from './context.js';
import { table } from './format.js';
import type { Run } from './run-command.js';

/** `cost`: what a deployment on AWS would cost, line by line. */
export function addCostCommand(program: Command, run: Run): void {
  program
    .command('cost')
    .description('what a deployment on AWS would cost a month, with the formula and the price of each part')
    .requiredOption('--events-per-second <n>', 'metric events on the stream', numberArgument)
    .requiredOption('--components <n>', 'components that send metrics', numberArgument)
    .requiredOption('--log-lines-per-day <n>', 'lines of access logs', numberArgument)
    .requiredOption('--dashboard-viewers <n>', 'people who look at dashboards', numberArgument)
    .option('--metrics-per-component <n>', 'metrics of a component (default: 10)', numberArgument)
    .option('--csv-rows-per-day <n>', "rows of legacy services' files (default: 1000000)", numberArgument)
    .option('--region <name>', 'the AWS region', 'us-east-1')
    .action(
      run((context, _args, options) => {
        const estimate = estimateOf(options as unknown as CostOptions);
        context.result(estimate, [
          ...billOf(estimate),
          '',
          ...sizesOf(estimate),
          '',
          `List prices of ${estimate.region}, written down in ${estimate.lines[0]!.price.recordedIn}: no free tier, discount, tax or transfer. They change; the pages:`,
          ...[...new Set(estimate.lines.map(({ price }) => price.source))].map((source) => `  ${source}`),
          '--json has the price of each line with its page, and all that is assumed.',
        ]);
        return Promise.resolve(0);
      }),
    );
}

interface CostOptions {
  readonly eventsPerSecond: number;
  readonly components: number;
  readonly logLinesPerDay: number;
  readonly dashboardViewers: number;
  readonly metricsPerComponent?: number;
  readonly csvRowsPerDay?: number;
  readonly region: string;
}

function estimateOf(options: CostOptions): CostEstimate {
  const { eventsPerSecond, components, logLinesPerDay, dashboardViewers, region } = options;
  const { metricsPerComponent, csvRowsPerDay } = options;
  try {
    return estimateCost(
      { eventsPerSecond, components, logLinesPerDay, dashboardViewers },
      {
        region,
        assumptions: {
          ...(metricsPerComponent !== undefined && { metricsPerComponent }),
          ...(csvRowsPerDay !== undefined && { csvRowsPerDay }),
        },
      },
    );
  } catch (error) {
    if (error instanceof InvalidLoadError || error instanceof UnknownRegionError) throw new UsageError(error.message);
    throw error;
  }
}

function billOf({ lines, components, dollarsPerMonth }: CostEstimate): string[] {
  const rows = components.flatMap((each) => [
    ...lines
      .filter(({ component }) => component === each.component)
      .map((line) => [line.component, line.item, dollars(line.dollarsPerMonth), line.formula]),
    [each.component, 'together', dollars(each.dollarsPerMonth), ''],
  ]);
  return table(
    ['component', 'for', '$ a month', 'formula (the last number is the price)'],
    [...rows, ['all', '', dollars(dollarsPerMonth), '']],
  );
}

function sizesOf({ sizing }: CostEstimate): string[] {
  return [
    `Shards ${sizing.eventShards} + ${sizing.windowShards}; KPUs ${sizing.processingKpus} + 1; Firehose ${sizing.filesPerDay} files a day;`,
    `${amount(sizing.bytesPerRefresh / 1e6)} MB billed for a dashboard refresh; ${amount(sizing.vcpuHoursPerMillionLines)} vCPU-hours per million log lines read.`,
  ];
}

function dollars(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).padStart(12);
}

function numberArgument(text: string): number {
  if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(text))
    throw new InvalidArgumentError('It must be a number like 1000, 0 or more.');
  return Number(text);
}
