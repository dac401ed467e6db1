import type { Restore } from '@pulselake/aws-clients/managed-flink';
import { bucketName, keyText, Output, UsageError } from '@pulselake/job-control';
import { type Command, Option } from 'commander';
import { chooseJar, type JarChoice } from './choose-jar.js';
import { type ApplicationFlags, snapshotName, withApplication } from './control-flags.js';
import { withSession } from './control-session.js';
import type { FlinkIo } from './flink-io.js';
import { digestOfKey } from './jar-key.js';
import { startApplication, type StartOutcome } from './start-application.js';

interface StartFlags extends ApplicationFlags, JarChoice {
  readonly restore: string;
}

/** Adds `start`, which brings the application to run, with another jar when one is asked. */
export function addStartCommand(program: Command, io: FlinkIo): void {
  withApplication(program.command('start').description('start the job, with another jar when one is asked'))
    .addOption(
      new Option('--jar-key <key>', 'the jar to run (default: the one that the application has)')
        .argParser(keyText)
        .conflicts('latestUpload'),
    )
    .option('--latest-upload', 'run the newest jar below --prefix')
    .option('--prefix <text>', 'where --latest-upload looks', keyText)
    .option('--bucket <name>', "the jar's bucket (default: that of the application's code)", bucketName)
    .option('--restore <what>', 'go on from latest, none, or a snapshot by its name', snapshotName, 'latest')
    .action(async (flags: StartFlags) => {
      const { application: name, dryRun = false } = flags;
      if (flags.prefix !== undefined && flags.latestUpload !== true) {
        throw new UsageError('--prefix goes with --latest-upload.');
      }
      if (flags.bucket !== undefined && flags.jarKey === undefined && flags.latestUpload !== true) {
        throw new UsageError('--bucket goes with --jar-key or --latest-upload.');
      }
      const output = new Output(io, flags);
      await withSession({ flags, io, report: output.report }, async (session) => {
        const { flink, snapshots, jars, waiting, report } = session;
        const jar = await chooseJar(flags, {
          describe: () => flink.describe(name, { signal: waiting.signal }),
          jars,
          signal: waiting.signal,
        });
        const restore: Restore =
          flags.restore === 'latest' || flags.restore === 'none'
            ? { from: flags.restore }
            : { from: 'snapshot', snapshot: flags.restore };
        const outcome = await startApplication({ flink, snapshots, waiting, application: name, jar, restore, report });
        const { state, version, jar: runs } = outcome.application;
        const sha256 = runs && digestOfKey(runs.key);
        output.print(
          {
            ...(dryRun ? { dryRun, calls: session.calls } : { state, version, did: outcome.did }),
            application: name,
            ...(runs && { jar: { ...runs, ...(sha256 !== undefined && { sha256 }) } }),
          },
          [dryRun ? rehearsedLine(name, session.calls.length) : line(outcome)],
        );
      });
    });
}

function line({ application: { name, state, version, jar }, did }: StartOutcome): string {
  const what = jar ? `s3://${jar.bucket}/${jar.key}` : 'its code';
  if (did.length === 0) return `${name} is ${state} already with ${what}, version ${version}: nothing was changed`;
  return `${name} is ${state} with ${what}, version ${version}`;
}

function rehearsedLine(name: string, calls: number): string {
  return calls === 0 ? `${name}: nothing would be changed` : `${name}: ${calls} calls would be made; none was`;
}
