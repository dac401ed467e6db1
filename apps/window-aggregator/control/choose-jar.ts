import type { ArtifactLocation, ArtifactStore } from '@pulselake/aws-clients/artifacts';
import type { FlinkApplication } from '@pulselake/aws-clients/managed-flink';
import { JobFailure, UsageError } from '@pulselake/job-control';
import { digestOfKey, jarKey as keyOfJar } from './jar-key.js';

export interface JarChoice {
  readonly bucket?: string | undefined;
  readonly jarKey?: string | undefined;
  /** The newest one below the prefix. */
  readonly latestUpload?: boolean | undefined;
  readonly prefix?: string | undefined;
}

/**
 * The jar that is asked for, which lies in its bucket; undefined when none is.
 *
 * @throws UsageError when no bucket is named, and the application has none
 * @throws JobFailure when there is no such jar, or its bytes are not those that its name says
 */
export async function chooseJar(
  { bucket, jarKey, latestUpload, prefix = '' }: JarChoice,
  { describe, jars, signal }: { describe: () => Promise<FlinkApplication>; jars: ArtifactStore; signal: AbortSignal },
): Promise<ArtifactLocation | undefined> {
  if (jarKey === undefined && latestUpload !== true) return undefined;
  const where = bucket ?? (await describe()).jar?.bucket;
  if (where === undefined) throw new UsageError('The application has no bucket of code. Name one: --bucket NAME.');
  if (jarKey === undefined) {
    const known = await jars.list(where, `${prefix}window-aggregator-`, { signal });
    // Keys with the same beginning may go on below it.
    const newest = known.find(({ key }) => key === keyOfJar(prefix, digestOfKey(key) ?? ''));
    if (newest) return { bucket: where, key: newest.key };
    throw new JobFailure(
      `There is no jar below s3://${where}/${prefix}. Upload one: pulselake-flink upload --bucket ${where}${prefix === '' ? '' : ` --prefix ${prefix}`}`,
    );
  }
  const found = await jars.head({ bucket: where, key: jarKey }, { signal });
  if (!found) {
    throw new JobFailure(`There is no s3://${where}/${jarKey}. Upload it: pulselake-flink upload --bucket ${where}`);
  }
  const digest = digestOfKey(jarKey);
  if (digest !== undefined && found.sha256 !== undefined && digest !== found.sha256) {
    throw new JobFailure(
      `s3://${where}/${jarKey} has another content than its name says (SHA-256 ${found.sha256}). Delete it, and upload the jar again.`,
    );
  }
  return { bucket: where, key: jarKey };
}
