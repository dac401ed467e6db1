import type { Command } from 'commander';
import { type OutputFlags, withOutputFlags } from '../flags.js';
import type { JobIo } from '../job-io.js';
import { Output } from '../output.js';
import { type JobPackage, manifestOf } from './job-package.js';
import { writePackage } from './write-package.js';

/** Makes the package of the project in a folder. */
export type Pack = (home: string) => Promise<JobPackage>;

/** Adds `package`, which writes what the service is given. */
export function addPackageCommand(program: Command, io: JobIo, pack: Pack): void {
  withOutputFlags(program.command('package').description('write the files that the service is given')).action(
    async (flags: OutputFlags) => {
      const made = await pack(io.home);
      const { folder, changed } = await writePackage(io.home, made);
      const manifest = manifestOf(made);
      new Output(io, flags).print({ folder, changed, ...manifest }, [
        folder,
        ...manifest.artifacts.map(({ file, sizeBytes, sha256 }) => `${file}: ${sizeBytes} bytes, SHA-256 ${sha256}`),
        ...(changed ? [] : ['nothing was written: the sources are what they were']),
      ]);
    },
  );
}
