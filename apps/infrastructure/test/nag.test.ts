import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { STACKS } from '../src/names.js';
import { suppress } from '../src/suppress.js';
import { Synthesized } from './support/synthesized.js';

/** What cdk-nag finds in a stack, sorted. */
function findings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  const pattern = Match.stringLikeRegexp('AwsSolutions-.*|CdkNagValidationFailure.*');
  return [...annotations.findError('*', pattern), ...annotations.findWarning('*', pattern)]
    .map(({ id, entry }) => `${id}: ${(entry.data as string).split('\n')[0]!}`)
    .sort();
}

const SHAPES = {
  'as it comes': {},
  'with everything': {
    alarmEmail: 'ops@example.com',
    grafana: { kind: 'workspace' },
    streams: { onDemand: true },
    flink: { schedule: { start: 'cron(0 6 * * ? *)', stop: 'cron(0 20 * * ? *)' } },
  },
};

describe.each(Object.entries(SHAPES))('cdk-nag on a deployment %s', (_, config) => {
  const synthesized = new Synthesized(config);

  it.each(STACKS)('finds nothing in %s that is not explained at its construct', (kind) => {
    expect(findings(synthesized.stack(kind))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('fails on a bucket that is open, and is silent once that is explained', () => {
    const stack = new Stack(new App(), 'open');
    const bucket = new Bucket(stack, 'bucket');
    expect(findings(stack).join('\n')).toMatch(/AwsSolutions-S10: .*AwsSolutions-S1: /s);
    const explained = new Stack(new App(), 'explained');
    suppress(new Bucket(explained, bucket.node.id), [
      { id: 'AwsSolutions-S1', reason: 'A test of suppressions' },
      { id: 'AwsSolutions-S10', reason: 'A test of suppressions' },
    ]);
    expect(findings(explained)).toEqual([]);
  });
});
