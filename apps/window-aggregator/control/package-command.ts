import { join } from 'node:path';
import { JobFailure, Output } from '@pulselake/job-control';
import type { Command } from 'commander';
import type { OutputFlags } from './control-flags.js';
import { withOutputFlags } from './control-flags.js';
import type { FlinkIo } from './flink-io.js';
import { JAR_PATH, readJar, staleness } from './jar-file.js';

/** Adds `package`, which makes the jar when it is missing or older than its sources. */
export function addPackageCommand(program: Command, io: FlinkIo): void {
  withOutputFlags(program.command('package').description('build the jar unless it is newer than its sources')).action(
    async (flags: OutputFlags) => {
      const output = new Output(io, flags);
      const stale = await staleness(io.home);
      if (stale !== undefined) {
        const call = { operation: 'mvn package', input: { because: stale } };
        if (flags.dryRun === true) {
          output.print({ dryRun: true, calls: [call], built: false }, [`would build the jar: ${stale}`]);
          return;
        }
        output.report(`building: ${stale}`);
        const exitCode = await io.buildJar(io.home);
        if (exitCode !== 0) throw new JobFailure(`Maven ended with ${exitCode}; its messages are above.`);
      }
      const { path, sizeBytes, sha256 } = await readJar(join(io.home, JAR_PATH));
      const built = stale !== undefined;
      output.print({ ...(flags.dryRun === true && { dryRun: true, calls: [] }), path, sizeBytes, sha256, built }, [
        path,
        `${sizeBytes} bytes, SHA-256 ${sha256}`,
        ...(built ? [] : ['nothing to build: it is newer than its sources']),
      ]);
    },
  );
}
