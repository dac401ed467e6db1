import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface MonthlyBudgetProps {
  readonly budgetName: string;
  readonly dollars: number;
  /** Only what carries this tag counts. */
  readonly environment: string;
  readonly topicArn: string;
}

/** Tells when a month's spending comes to four fifths of the budget, and when it is forecast to go beyond. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { budgetName, dollars, environment, topicArn }: MonthlyBudgetProps) {
    super(scope, id);
    const tell = (notificationType: string, threshold: number): CfnBudget.NotificationWithSubscribersProperty => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topicArn }],
    });
    new CfnBudget(this, 'budget', {
      budget: {
        budgetName,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
        // Counts once the tag is activated for cost allocation, which is done once for an account.
        costFilters: { TagKeyValue: [`user:pulselake:environment$${environment}`] },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('FORECASTED', 100)],
    });
  }
}
