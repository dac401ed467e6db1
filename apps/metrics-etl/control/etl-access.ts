import type { ArtifactStore } from '@pulselake/aws-clients/artifacts';
import { AwsGlueJobs, createGlueClient, type GlueJobs } from '@pulselake/aws-clients/glue';
import { s3Access, type ServiceAccess } from '@pulselake/job-control';

/** The services that the commands ask. */
export interface EtlAccess {
  readonly artifacts: ServiceAccess<ArtifactStore>;
  readonly glue: ServiceAccess<GlueJobs>;
}

/** Those of AWS. */
export const AWS_ACCESS: EtlAccess = {
  artifacts: s3Access,
  glue: (options, { timeoutMs, ...environment }) => {
    const client = createGlueClient(options);
    return {
      service: new AwsGlueJobs({ client, requestTimeoutMs: Math.min(30_000, timeoutMs), ...environment }),
      destroy: () => client.destroy(),
    };
  },
};
