import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** An alarm, and what people need to know of it. */
export interface AlarmDefinition {
  /** Its own name and that of its page, docs/runbook/<name>.md. */
  readonly name: string;
  /** What is so when it rings. One sentence. */
  readonly meaning: string;
  /** What to do first. One sentence. */
  readonly action: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  /** How many periods of the metric have to be so. */
  readonly periods: number;
  readonly missing: TreatMissingData;
}

/** Where the pages of the runbook lie. */
const RUNBOOK = 'docs/runbook';

/** What the alarm says to whom it wakes. */
export function alarmDescription({
  name,
  meaning,
  action,
}: Pick<AlarmDefinition, 'name' | 'meaning' | 'action'>): string {
  return `${meaning} ${action} Runbook: ${RUNBOOK}/${name}.md`;
}
