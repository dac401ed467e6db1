import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ServiceLog } from '../access/service-log.js';
import { ServiceRole } from '../access/service-role.js';
import type { Artifact } from '../artifacts.js';
import type { PulselakeConfig } from '../config.js';
import { LANDING_PREFIX, type LakeBuckets } from '../lake/lake-buckets.js';
import type { Names } from '../names.js';
import { suppress } from '../suppress.js';
import type { SparkApplication } from './spark-application.js';

export interface TrafficStateMachineProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly buckets: LakeBuckets;
  readonly spark: SparkApplication;
  readonly entryPoint: Artifact;
  readonly pyFiles: Artifact;
}

/** Errors that come from the service, and pass: the job's own failure is not tried again at once. */
const PASSING = ['EMRServerless.ThrottlingException', 'EMRServerless.InternalServerException', 'States.Timeout'];

/**
 * Runs the Spark job, waits for its end, and tries again.
 *
 * Started without input it reports the last days; with `{"arguments": ["--date", "2024-05-01"]}` any other.
 */
export class TrafficStateMachine extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: TrafficStateMachineProps) {
    super(scope, id);
    const { names, config, spark } = props;
    const stack = Stack.of(this);
    const logGroup = new ServiceLog(this, 'log-group', {
      // Step Functions may write to any group of this prefix without a policy of its own for each.
      logGroupName: `/aws/vendedlogs/states/${names.trafficStateMachine}`,
      retentionDays: config.retention.serviceLogDays,
    });
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('traffic-report-run'),
      service: 'states.amazonaws.com',
      description: 'Starts the Spark job and waits for it',
      explained: [
        {
          id: 'AwsSolutions-IAM5',
          reason: 'The id of a run is not known before it is started',
          appliesTo: [{ regex: '/^Resource::.*/jobruns/\\*$/' }],
        },
        {
          id: 'AwsSolutions-IAM5',
          reason: 'Delivery of logs: the service allows nothing narrower',
          appliesTo: ['Resource::*'],
        },
      ],
      statements: [
        new PolicyStatement({ actions: ['emr-serverless:StartJobRun'], resources: [spark.applicationArn] }),
        new PolicyStatement({
          actions: ['emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun'],
          resources: [`${spark.applicationArn}/jobruns/*`],
        }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [spark.jobRole.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
        }),
        // `.sync` learns of the end by a rule of this name.
        new PolicyStatement({
          actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
          resources: [
            stack.formatArn({
              service: 'events',
              resource: 'rule',
              resourceName: 'StepFunctionsGetEventsForEMRServerlessJobRule',
            }),
          ],
        }),
        // The service knows no resources for the delivery of logs.
        new PolicyStatement({
          actions: [
            'logs:CreateLogDelivery',
            'logs:GetLogDelivery',
            'logs:UpdateLogDelivery',
            'logs:DeleteLogDelivery',
            'logs:ListLogDeliveries',
            'logs:PutResourcePolicy',
            'logs:DescribeResourcePolicies',
            'logs:DescribeLogGroups',
          ],
          resources: ['*'],
        }),
      ],
    });
    const machine = new CfnStateMachine(this, 'machine', {
      stateMachineName: names.trafficStateMachine,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: stack.toJsonString(definition(props)),
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
    });
    suppress(machine, [{ id: 'AwsSolutions-SF2', reason: 'One call a day: its log shows all that a trace would' }]);
    this.stateMachineArn = machine.attrArn;
  }
}

function definition({ config, buckets, spark, entryPoint, pyFiles }: TrafficStateMachineProps): unknown {
  const { executors, timeoutMinutes, retries } = config.trafficReport;
  const { artifacts, lake, landing } = buckets;
  const s3 = ({ key }: Artifact) => `s3://${artifacts.bucketName}/${key}`;
  const lakeArguments = [
    '--lake',
    `s3://${lake.bucketName}`,
    '--landing',
    `s3://${landing.bucketName}/${LANDING_PREFIX.slice(0, -1)}`,
  ];
  return {
    Comment: 'The traffic report: {} for the last days, {"arguments": ["--date", "2024-05-01"]} for another',
    QueryLanguage: 'JSONata',
    StartAt: 'Report',
    States: {
      Report: {
        Type: 'Task',
        Resource: 'arn:aws:states:::emr-serverless:startJobRun.sync',
        // The job ends itself before this does.
        TimeoutSeconds: Duration.minutes(timeoutMinutes + 15).toSeconds(),
        Arguments: {
          ApplicationId: spark.applicationId,
          // A token of its own for each attempt: the same one would give back the run that failed.
          ClientToken: '{% $uuid() %}',
          ExecutionRoleArn: spark.jobRole.roleArn,
          Name: 'traffic-report',
          ExecutionTimeoutMinutes: timeoutMinutes,
          JobDriver: {
            SparkSubmit: {
              EntryPoint: s3(entryPoint),
              EntryPointArguments: `{% $append(${JSON.stringify(lakeArguments)}, $exists($states.input.arguments) ? $states.input.arguments : []) %}`,
              SparkSubmitParameters: sparkSubmitParameters(s3(pyFiles), executors),
            },
          },
          ConfigurationOverrides: {
            MonitoringConfiguration: {
              CloudWatchLoggingConfiguration: { Enabled: true, LogGroupName: spark.logGroupName },
            },
          },
        },
        Retry: [
          { ErrorEquals: PASSING, IntervalSeconds: 60, BackoffRate: 2, MaxAttempts: retries + 2 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 300, BackoffRate: 2, MaxAttempts: retries },
        ],
        End: true,
      },
    },
  };
}

/** Workers of 1 vCPU and 2 GB, half of it heap: the rest is Python's. Their number is fixed, so a run costs what was asked for. */
function sparkSubmitParameters(pyFiles: string, executors: number): string {
  const conf = {
    'spark.driver.cores': '1',
    'spark.driver.memory': '1g',
    'spark.driver.memoryOverhead': '1g',
    'spark.executor.cores': '1',
    'spark.executor.memory': '1g',
    'spark.executor.memoryOverhead': '1g',
    'spark.executor.instances': String(executors),
    'spark.dynamicAllocation.enabled': 'false',
  };
  const settings = Object.entries(conf).map(([name, value]) => `--conf ${name}=${value}`);
  return [`--py-files ${pyFiles}`, ...settings].join(' ');
}
