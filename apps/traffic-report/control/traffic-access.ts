import type { ArtifactStore } from '@pulselake/aws-clients/artifacts';
import { AwsSparkJobs, createEmrServerlessClient, type SparkJobs } from '@pulselake/aws-clients/emr-serverless';
import { s3Access, type ServiceAccess } from '@pulselake/job-control';

/** The services that the commands ask. */
export interface TrafficAccess {
  readonly artifacts: ServiceAccess<ArtifactStore>;
  readonly spark: ServiceAccess<SparkJobs>;
}

/** Those of AWS. */
export const AWS_ACCESS: TrafficAccess = {
  artifacts: s3Access,
  spark: (options, { timeoutMs, ...environment }) => {
    const client = createEmrServerlessClient(options);
    return {
      service: new AwsSparkJobs({ client, requestTimeoutMs: Math.min(30_000, timeoutMs), ...environment }),
      destroy: () => client.destroy(),
    };
  },
};
