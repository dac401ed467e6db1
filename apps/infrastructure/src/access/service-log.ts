import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface ServiceLogProps {
  readonly logGroupName: string;
  /** Days, of those that CloudWatch knows. */
  readonly retentionDays: number;
}

/** What a service says of its work; goes with its stack. */
export class ServiceLog extends LogGroup {
  constructor(scope: Construct, id: string, { logGroupName, retentionDays }: ServiceLogProps) {
    super(scope, id, {
      logGroupName,
      // The enumeration is of numbers of days; the configuration has checked that this is one of them.
      retention: retentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
