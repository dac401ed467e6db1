import type {
  ApplicationRestoreConfiguration,
  CreateApplicationSnapshotCommandInput,
  StartApplicationCommandInput,
  StopApplicationCommandInput,
  UpdateApplicationCommandInput,
} from '@aws-sdk/client-kinesis-analytics-v2';
import type { SnapshotRequest } from './flink-snapshots.js';
import type { Restore, StartRequest, StopRequest, UpdateCodeRequest } from './managed-flink.js';

/** What the calls that change something send, for each by its name in the service. Pure. */
export const FLINK_REQUESTS = {
  StartApplication: ({ application, restore }: StartRequest): StartApplicationCommandInput => ({
    ApplicationName: application,
    RunConfiguration: { ApplicationRestoreConfiguration: restoreConfiguration(restore) },
  }),

  UpdateApplication: (request: UpdateCodeRequest): UpdateApplicationCommandInput => ({
    ApplicationName: request.application,
    CurrentApplicationVersionId: request.version,
    ApplicationConfigurationUpdate: {
      ApplicationCodeConfigurationUpdate: {
        // A jar is a ZIP file to the service.
        CodeContentTypeUpdate: 'ZIPFILE',
        CodeContentUpdate: {
          S3ContentLocationUpdate: {
            BucketARNUpdate: `arn:${request.partition ?? 'aws'}:s3:::${request.jar.bucket}`,
            FileKeyUpdate: request.jar.key,
          },
        },
      },
    },
    ...(request.restore && {
      RunConfigurationUpdate: { ApplicationRestoreConfiguration: restoreConfiguration(request.restore) },
    }),
  }),

  StopApplication: ({ application, force }: StopRequest): StopApplicationCommandInput => ({
    ApplicationName: application,
    Force: force,
  }),

  CreateApplicationSnapshot: ({ application, snapshot }: SnapshotRequest): CreateApplicationSnapshotCommandInput => ({
    ApplicationName: application,
    SnapshotName: snapshot,
  }),
} as const;

function restoreConfiguration(restore: Restore): ApplicationRestoreConfiguration {
  switch (restore.from) {
    case 'latest':
      return { ApplicationRestoreType: 'RESTORE_FROM_LATEST_SNAPSHOT' };
    case 'none':
      return { ApplicationRestoreType: 'SKIP_RESTORE_FROM_SNAPSHOT' };
    case 'snapshot':
      return { ApplicationRestoreType: 'RESTORE_FROM_CUSTOM_SNAPSHOT', SnapshotName: restore.snapshot };
  }
}
