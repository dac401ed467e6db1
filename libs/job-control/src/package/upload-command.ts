import { type ArtifactStore, uploadArtifact } from '@pulselake/aws-clients/artifacts';
import type { Command } from 'commander';
import { type AwsFlags, bucketName, keyText, withAwsFlags } from '../flags.js';
import type { JobIo } from '../job-io.js';
import { Output } from '../output.js';
import { type ServiceAccess, withService } from '../service-session.js';
import { keyOf } from './key-of.js';
import type { Pack } from './package-command.js';
import { writePackage } from './write-package.js';

interface UploadFlags extends AwsFlags {
  readonly bucket: string;
  readonly prefix: string;
}

/** Adds `upload`, which packages, and brings the files into a bucket under their digests. */
export function addUploadCommand(
  program: Command,
  { io, pack, access }: { io: JobIo; pack: Pack; access: ServiceAccess<ArtifactStore> },
): void {
  withAwsFlags(program.command('upload').description('package, and bring the files into a bucket'), 900)
    .requiredOption('--bucket <name>', 'the bucket', bucketName)
    .option('--prefix <text>', 'what the keys begin with, for example jobs/', keyText, '')
    .action(async (flags: UploadFlags) => {
      const output = new Output(io, flags);
      const { bucket, prefix } = flags;
      const made = await pack(io.home);
      await writePackage(io.home, made);
      const files = await withService(access, { flags, io, report: output.report }, async (store) => {
        const done = [];
        for (const { role, file, sha256, body } of made.artifacts) {
          const location = { bucket, key: keyOf(prefix, file) };
          const uploaded = await uploadArtifact({ ...location, body, sha256 }, { store, signal: io.signal });
          output.report(`s3://${bucket}/${location.key}: ${uploaded ? 'stored' : 'is there already, nothing is sent'}`);
          done.push({ role, ...location, sha256, sizeBytes: body.byteLength, uploaded });
        }
        return done;
      });
      const sent = files.filter(({ uploaded }) => uploaded).length;
      output.print({ bucket, prefix, files, ...made.settings }, [
        ...files.map(({ role, key }) => `${role}: s3://${bucket}/${key}`),
        `${sent} of ${files.length} files were sent`,
      ]);
    });
}
