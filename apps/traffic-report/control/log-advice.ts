import type { SparkRun } from '@pulselake/aws-clients/emr-serverless';

/** Where a run's own words are, for people. Pure. */
export function logAdvice({ application, id, logs = {} }: SparkRun): string[] {
  const { s3Uri, cloudWatchGroup, cloudWatchPrefix } = logs;
  const below = `applications/${application}/jobs/${id}`;
  return [
    ...(s3Uri === undefined
      ? []
      : [`Logs: aws s3 cp ${s3Uri.replace(/\/$/, '')}/${below}/SPARK_DRIVER/stderr.gz - | gunzip`]),
    ...(cloudWatchGroup === undefined
      ? []
      : [
          `Logs: aws logs tail ${cloudWatchGroup} --log-stream-name-prefix ${cloudWatchPrefix === undefined ? '' : `${cloudWatchPrefix}/`}${below} --since 7d`,
        ]),
    `Spark UI, with logs: aws emr-serverless get-dashboard-for-job-run --application-id ${application} --job-run-id ${id}`,
  ];
}
