import { join } from 'node:path';
import { bucketName, JobFailure, keyText, Output } from '@pulselake/job-control';
import type { Command } from 'commander';
import { type AwsFlags, withAwsFlags } from './control-flags.js';
import { withSession } from './control-session.js';
import type { FlinkIo } from './flink-io.js';
import { JAR_PATH, readJar, staleness } from './jar-file.js';
import { uploadJar } from './upload-jar.js';

interface UploadFlags extends AwsFlags {
  readonly bucket: string;
  readonly prefix: string;
  readonly jar?: string;
}

/** Adds `upload`, which brings the jar into a bucket under its digest. */
export function addUploadCommand(program: Command, io: FlinkIo): void {
  withAwsFlags(program.command('upload').description('bring the jar into a bucket, under its digest'))
    .requiredOption('--bucket <name>', 'the bucket', bucketName)
    .option('--prefix <text>', "what the jar's key begins with, for example jars/", keyText, '')
    .option('--jar <file>', 'another jar than that of this checkout')
    .action(async (flags: UploadFlags) => {
      const output = new Output(io, flags);
      const { bucket, prefix, dryRun = false } = flags;
      const stale = flags.jar === undefined ? await staleness(io.home) : undefined;
      if (stale !== undefined) throw new JobFailure(`Nothing is uploaded: ${stale}. Run: pulselake-flink package`);
      const jar = await readJar(flags.jar ?? join(io.home, JAR_PATH));
      const { sizeBytes, sha256 } = jar;
      await withSession({ flags, io, report: output.report }, async ({ jars, waiting, calls }) => {
        const { key, uploaded } = await uploadJar(jar, { jars, bucket, prefix, signal: waiting.signal });
        const outcome = uploaded ? (dryRun ? 'would be stored' : 'stored') : 'is there already, nothing is sent';
        output.print(
          { ...(dryRun && { dryRun, calls }), bucket, key, sizeBytes, sha256, uploaded: uploaded && !dryRun },
          [
            `s3://${bucket}/${key}: ${outcome} (${sizeBytes} bytes)`,
            `To run it: pulselake-flink start --application NAME --bucket ${bucket} --jar-key ${key}`,
          ],
        );
      });
    });
}
