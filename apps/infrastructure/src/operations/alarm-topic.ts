import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Names } from '../names.js';

/** Where alarms and the budget tell people. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { names, email }: { names: Names; email: string | undefined }) {
    super(scope, id, {
      topicName: names.of('alarms'),
      displayName: `Pulselake: ${names.of('alarms')}`,
      enforceSSL: true,
    });
    const publish = (service: string, sourceArn: string) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [this.topicArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
            ArnLike: { 'aws:SourceArn': sourceArn },
          },
        }),
      );
    publish('cloudwatch.amazonaws.com', Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:*' }));
    publish('budgets.amazonaws.com', `arn:aws:budgets::${Aws.ACCOUNT_ID}:*`);
    if (email !== undefined) {
      new Subscription(this, 'email', { topic: this, endpoint: email, protocol: SubscriptionProtocol.EMAIL });
    }
  }
}
