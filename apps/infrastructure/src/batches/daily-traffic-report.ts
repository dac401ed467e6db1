import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ServiceRole } from '../access/service-role.js';
import type { Names } from '../names.js';

export interface DailyTrafficReportProps {
  readonly names: Names;
  /** `cron(…)`, in UTC. */
  readonly schedule: string;
  readonly stateMachineArn: string;
  readonly deadLetters: IQueue;
}

/** Starts the report once a day; what cannot be started is kept. */
export class DailyTrafficReport extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { names, schedule, stateMachineArn, deadLetters }: DailyTrafficReportProps,
  ) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('traffic-report-schedule'),
      service: 'scheduler.amazonaws.com',
      description: 'Starts the daily traffic report',
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
      ],
    });
    new CfnSchedule(this, 'schedule', {
      name: names.of('traffic-report-daily'),
      description: 'The traffic report of the last days',
      scheduleExpression: schedule,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: stateMachineArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      },
    });
  }
}
