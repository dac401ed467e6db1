import type { GlueRun } from '@pulselake/aws-clients/glue';

/** Where Python shell jobs write, unless the run says otherwise. */
const DEFAULT_GROUP = '/aws-glue/python-jobs';

/** Where a run's own words are, for people. Pure. */
export function logAdvice({ id, logGroup = DEFAULT_GROUP }: GlueRun): string[] {
  const group = logGroup.replace(/\/(error|output)?$/, '');
  return ['error', 'output'].map(
    (kind) => `Logs (${kind}): aws logs tail ${group}/${kind} --log-stream-names ${id} --since 7d`,
  );
}
