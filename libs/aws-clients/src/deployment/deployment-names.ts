/** Where a deployment is. */
export interface DeploymentPlace {
  /** Name of the environment: `dev`, `prod`. */
  readonly environment: string;
  /** The 12 digits of the AWS account. */
  readonly account: string;
  readonly region: string;
}

/** The names of a deployment's buckets, which no other account may have taken: bucket names are the world's. */
export interface DeploymentBuckets {
  readonly landing: string;
  readonly lake: string;
  readonly artifacts: string;
  readonly queryResults: string;
  readonly accessLogs: string;
}

/**
 * What the buckets of a deployment are called. Pure.
 *
 * @example
 * ```ts
 * deploymentBuckets({ environment: 'dev', account: '123456789012', region: 'us-east-1' }).lake;
 * // 'pulselake-dev-lake-123456789012-us-east-1'
 * ```
 */
export function deploymentBuckets({ environment, account, region }: DeploymentPlace): DeploymentBuckets {
  const name = (kind: string) => `pulselake-${environment}-${kind}-${account}-${region}`;
  return {
    landing: name('landing'),
    lake: name('lake'),
    artifacts: name('artifacts'),
    queryResults: name('query-results'),
    accessLogs: name('access-logs'),
  };
}

/** The stream of windows between the Flink job and Firehose. Pure. */
export function windowStream(environment: string): string {
  return `pulselake-${environment}-windowed-metrics`;
}
