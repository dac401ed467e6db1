import type { StartJobRunCommandInput } from '@aws-sdk/client-emr-serverless';
import { ControlRequestError } from '../control/errors.js';
import type { SparkLogs, StartSparkRunRequest } from './spark-jobs.js';

/** What starting a run sends. Pure. @throws ControlRequestError when a setting cannot be written on Spark's command line */
export function startSparkRunRequest(request: StartSparkRunRequest): StartJobRunCommandInput {
  const { application, clientToken, executionRoleArn, name, entryPoint, entryPointArguments, timeoutMinutes } = request;
  const { pyFiles = [], conf = {}, logs } = request;
  const parameters = [
    ...(pyFiles.length === 0 ? [] : ['--py-files', pyFiles.join(',')]),
    ...Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
  ];
  const torn = parameters.find((parameter) => /[\s"'\\]/.test(parameter));
  if (torn !== undefined) {
    throw new ControlRequestError(
      `${JSON.stringify(torn)} cannot be given to Spark: EMR Serverless takes its parameters as one line. Leave out spaces, quotes and backslashes.`,
    );
  }
  return {
    applicationId: application,
    clientToken,
    executionRoleArn,
    ...(name !== undefined && { name }),
    jobDriver: {
      sparkSubmit: {
        entryPoint,
        ...(entryPointArguments.length > 0 && { entryPointArguments: [...entryPointArguments] }),
        ...(parameters.length > 0 && { sparkSubmitParameters: parameters.join(' ') }),
      },
    },
    ...(timeoutMinutes !== undefined && { executionTimeoutMinutes: timeoutMinutes }),
    ...(logs && { configurationOverrides: { monitoringConfiguration: monitoring(logs) } }),
  };
}

function monitoring({ s3Uri, cloudWatchGroup, cloudWatchPrefix }: SparkLogs) {
  return {
    ...(s3Uri !== undefined && { s3MonitoringConfiguration: { logUri: s3Uri } }),
    ...(cloudWatchGroup !== undefined && {
      cloudWatchLoggingConfiguration: {
        enabled: true,
        logGroupName: cloudWatchGroup,
        ...(cloudWatchPrefix !== undefined && { logStreamNamePrefix: cloudWatchPrefix }),
      },
    }),
  };
}
