import type { ApplicationDetail } from '@aws-sdk/client-kinesis-analytics-v2';
import type { ArtifactLocation } from '../artifacts/artifact-store.js';
import type { FlinkApplication } from './managed-flink.js';

/** An application as the service describes it. Pure. */
export function applicationOf(detail: ApplicationDetail): FlinkApplication {
  const configuration = detail.ApplicationConfigurationDescription;
  const code = configuration?.ApplicationCodeConfigurationDescription?.CodeContentDescription;
  const jar = jarOf(code?.S3ApplicationCodeLocationDescription);
  return {
    name: detail.ApplicationName!,
    arn: detail.ApplicationARN!,
    state: detail.ApplicationStatus!,
    version: detail.ApplicationVersionId!,
    runtime: detail.RuntimeEnvironment!,
    ...(jar && { jar }),
    ...(code?.CodeSize !== undefined && { jarSizeBytes: code.CodeSize }),
    snapshotsEnabled: configuration?.ApplicationSnapshotConfigurationDescription?.SnapshotsEnabled ?? false,
    rollbackEnabled: configuration?.ApplicationSystemRollbackConfigurationDescription?.RollbackEnabled ?? false,
    logStreams: (detail.CloudWatchLoggingOptionDescriptions ?? []).flatMap(({ LogStreamARN }) => LogStreamARN ?? []),
  };
}

function jarOf(location: { BucketARN?: string | undefined; FileKey?: string | undefined } | undefined) {
  const bucket = location?.BucketARN?.split(':').at(-1);
  const key = location?.FileKey;
  return bucket === undefined || key === undefined ? undefined : ({ bucket, key } satisfies ArtifactLocation);
}
