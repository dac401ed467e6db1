import { Output } from '@pulselake/job-control';
import { type Command, Option } from 'commander';
import { type ApplicationFlags, withApplication } from './control-flags.js';
import { withSession } from './control-session.js';
import type { FlinkIo } from './flink-io.js';
import { stopApplication, type StopOutcome } from './stop-application.js';

interface StopFlags extends ApplicationFlags {
  readonly withSnapshot?: boolean;
  readonly force?: boolean;
}

/** Adds `stop`, which stops the job. */
export function addStopCommand(program: Command, io: FlinkIo): void {
  withApplication(program.command('stop').description('stop the job'))
    .addOption(new Option('--with-snapshot', 'make a snapshot of its own first').conflicts('force'))
    .option('--force', 'stop in any state, without the snapshot that the service makes otherwise')
    .action(async (flags: StopFlags) => {
      const { application: name, dryRun = false } = flags;
      const output = new Output(io, flags);
      const mode = flags.force === true ? 'force' : flags.withSnapshot === true ? 'with-snapshot' : 'plain';
      await withSession({ flags, io, report: output.report }, async (session) => {
        const { flink, snapshots, waiting, report, calls } = session;
        const outcome = await stopApplication({ flink, snapshots, waiting, application: name, mode, report });
        const { snapshot, stopped } = outcome;
        output.print(
          {
            ...(dryRun ? { dryRun, calls } : { state: outcome.application.state, stopped }),
            application: name,
            ...(snapshot !== undefined && { snapshot }),
          },
          dryRun
            ? [
                calls.length === 0
                  ? `${name}: nothing would be changed`
                  : `${name}: ${calls.length} calls would be made; none was`,
              ]
            : lines(outcome, mode === 'force'),
        );
      });
    });
}

function lines({ application: { name }, stopped, snapshot }: StopOutcome, isForced: boolean): string[] {
  return [
    stopped ? `${name} is stopped` : `${name} is stopped already: nothing was changed`,
    ...(snapshot === undefined ? [] : [`snapshot ${snapshot}`]),
    ...(stopped && isForced ? ['What came after the last snapshot is read again at the next start.'] : []),
  ];
}
