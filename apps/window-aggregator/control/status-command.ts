import { Output } from '@pulselake/job-control';
import type { Command } from 'commander';
import { applicationStatus, statusLines } from './application-status.js';
import { type ApplicationFlags, withApplication } from './control-flags.js';
import { withSession } from './control-session.js';
import type { FlinkIo } from './flink-io.js';

/** Adds `status`, which changes nothing. */
export function addStatusCommand(program: Command, io: FlinkIo): void {
  withApplication(program.command('status').description('say what the application is doing')).action(
    async (flags: ApplicationFlags) => {
      const output = new Output(io, flags);
      await withSession({ flags, io, report: output.report }, async ({ flink, snapshots, waiting }) => {
        const status = await applicationStatus(flags.application, {
          flink,
          snapshots,
          nowMs: io.clock(),
          signal: waiting.signal,
        });
        output.print(status, statusLines(status));
      });
    },
  );
}
