import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServiceRole } from '../access/service-role.js';
import type { Names } from '../names.js';

export interface JobScheduleProps {
  readonly names: Names;
  /** `cron(…)` or `rate(…)`. */
  readonly start: string;
  readonly stop: string;
  readonly timeZone: string;
}

/**
 * Starts the Flink job and stops it again: it is four fifths of what an idle deployment costs. It stops with a snapshot and goes
 * on from it; events wait in the stream as long as that keeps them.
 */
export class JobSchedule extends Construct {
  constructor(scope: Construct, id: string, { names, start, stop, timeZone }: JobScheduleProps) {
    super(scope, id);
    const application = names.flinkApplication;
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('window-schedule'),
      service: 'scheduler.amazonaws.com',
      description: 'Starts and stops the window aggregator',
      statements: [
        new PolicyStatement({
          actions: ['kinesisanalytics:StartApplication', 'kinesisanalytics:StopApplication'],
          resources: [
            Stack.of(this).formatArn({
              service: 'kinesisanalytics',
              resource: 'application',
              resourceName: application,
            }),
          ],
        }),
      ],
    });
    const schedule = (what: 'start' | 'stop', expression: string, input: unknown) =>
      new CfnSchedule(this, what, {
        name: names.of(`window-${what}`),
        description: `The window aggregator is to ${what}`,
        scheduleExpression: expression,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: `arn:aws:scheduler:::aws-sdk:kinesisanalyticsv2:${what}Application`,
          roleArn: role.roleArn,
          input: JSON.stringify(input),
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
        },
      });
    schedule('start', start, {
      ApplicationName: application,
      RunConfiguration: {
        ApplicationRestoreConfiguration: { ApplicationRestoreType: 'RESTORE_FROM_LATEST_SNAPSHOT' },
        FlinkRunConfiguration: { AllowNonRestoredState: false },
      },
    });
    schedule('stop', stop, { ApplicationName: application });
  }
}
