import { refreshEnrichedReports } from '@pulselake/lake';
import type { Command } from 'commander';
import { deliver } from '../pipelines/deliver/deliver.js';
import { wholeNumber } from './arguments.js';
import { UsageError } from './context.js';
import { count } from './format.js';
import { addKinesisOptions, kinesisOptions, streamReader } from './kinesis-options.js';
import type { Run } from './run-command.js';

/** `deliver`. */
export function addDeliverCommand(program: Command, run: Run): void {
  addKinesisOptions(
    program
      .command('deliver')
      .description('bring windows from a stream into the lake, and the account of the Flink job that wrote them'),
  )
    .option('--until-caught-up', 'end when everything is read that has arrived; default: go on until Ctrl-C')
    .option('--commit-seconds <n>', 'how often windows are committed (default: 10)', wholeNumber(1, 3600))
    .action(
      run(async (context, _args, options) => {
        const kinesis = kinesisOptions(options);
        const { stream, region } = kinesis;
        if (stream === undefined) throw new UsageError('deliver needs --kinesis STREAM.');
        const lake = await context.openLake(true, { finishes: true });
        const { signal } = context.io;
        const seconds = options['commitSeconds'] as number | undefined;
        const { runs, waiting } = await deliver(lake, {
          source: { name: stream, ...(region !== undefined && { region }) },
          read: await streamReader(context, kinesis, options),
          ...(seconds !== undefined && { commitIntervalMs: seconds * 1000 }),
          onCommit: ({ counts }) => {
            if (!context.options.json) context.say(`${count(counts.accepted)} windows delivered.`);
          },
          signal,
        });
        await refreshEnrichedReports(lake);
        const read = runs.reduce((sum, { counts }) => sum + counts.read, 0);
        const rejected = runs.reduce((sum, { counts }) => sum + counts.rejected, 0);
        context.result(
          { stream, read, delivered: read - rejected, rejected, runs: runs.map(({ runId }) => runId), waiting },
          [
            `${count(read)} records read = ${count(read - rejected)} windows delivered + ${count(rejected)} rejected.`,
            ...waiting.map(
              ({ runId, counted, found }) =>
                `${runId}: ${count(counted)} rejected records are counted, ${count(found)} are in files; taken up after the job's next checkpoint.`,
            ),
          ],
        );
        return 0;
      }),
    );
}
