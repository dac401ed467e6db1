import { Stack } from 'aws-cdk-lib';
import { Alarm, Dashboard, GraphWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { PulselakeConfig } from '../config.js';
import { alarmDescription } from '../operations/alarm-definition.js';
import { AlarmTopic } from '../operations/alarm-topic.js';
import { alarms } from '../operations/alarms.js';
import { MonthlyBudget } from '../operations/monthly-budget.js';
import { PulselakeStack } from './pulselake-stack.js';

const WIDGETS_PER_ROW = 3;

/** Alarms, a dashboard of what they watch, and a budget. Refers to no other stack. */
export class OperationsStack extends PulselakeStack {
  constructor(scope: Construct, config: PulselakeConfig) {
    super(scope, 'operations', config, 'Pulselake: alarms, their dashboard, and the budget');
    const { names } = this;
    const topic = new AlarmTopic(this, 'topic', { names, email: config.alarmEmail });
    const stateMachineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: `stateMachine:${names.trafficStateMachine}`,
    });
    const widgets: IWidget[] = alarms({ names, config, stateMachineArn }).map((definition) => {
      const { name, metric, comparison, threshold, periods, missing, meaning } = definition;
      const alarm = new Alarm(this, name, {
        alarmName: names.of(name),
        alarmDescription: alarmDescription(definition),
        metric,
        comparisonOperator: comparison,
        threshold,
        evaluationPeriods: periods,
        treatMissingData: missing,
      });
      const bound = { alarmActionArn: topic.topicArn };
      alarm.addAlarmAction({ bind: () => bound });
      alarm.addOkAction({ bind: () => bound });
      return new GraphWidget({
        title: `${name}: ${meaning}`,
        left: [metric],
        leftAnnotations: [alarm.toAnnotation()],
        width: 8,
      });
    });
    const rows = Math.ceil(widgets.length / WIDGETS_PER_ROW);
    new Dashboard(this, 'dashboard', {
      dashboardName: names.of('operations'),
      widgets: Array.from({ length: rows }, (_, row) =>
        widgets.slice(row * WIDGETS_PER_ROW, (row + 1) * WIDGETS_PER_ROW),
      ),
    });
    new MonthlyBudget(this, 'budget', {
      budgetName: names.of('monthly'),
      dollars: config.monthlyBudgetDollars,
      environment: config.environment,
      topicArn: topic.topicArn,
    });
  }
}
