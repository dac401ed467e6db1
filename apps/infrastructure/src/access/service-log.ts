import { RemovalPolicy } from 'aws-cdk-lib';
import { type CfnLogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
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
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // By number: the configuration has checked that CloudWatch knows it, and CDK's enumeration takes no numbers.
    (this.node.defaultChild as CfnLogGroup).retentionInDays = retentionDays;
  }
}
