import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from '../src/build-app.js';
import { parseConfig } from '../src/config.js';
import { STACKS } from '../src/names.js';
import { STACKS_OF_APPS } from '../src/stacks-of-apps.js';
import { everything } from './support/rights.js';
import { ARTIFACTS, LEAST, type Resource, Synthesized } from './support/synthesized.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-synth-'));
afterAll(() => rmSync(folder, { recursive: true }));

function synth(name: string): ReadonlyMap<string, string> {
  const outdir = join(folder, name);
  buildApp({ config: parseConfig(LEAST, 'test'), artifacts: ARTIFACTS, outdir }).synth();
  return new Map(
    readdirSync(outdir)
      .filter((file) => file.endsWith('.json') && !file.includes('performance'))
      .map((file) => [file, readFileSync(join(outdir, file), 'utf8')]),
  );
}

const synthesized = new Synthesized();

/** References to other stacks in a stack's template: `strong` by an export, `weak` by an output. */
function references(kind: (typeof STACKS)[number]) {
  const text = JSON.stringify(synthesized.template(kind).toJSON());
  return {
    strong: [...new Set([...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name!))],
    weak: [...new Set([...text.matchAll(/"Fn::GetStackOutput":\{"StackName":"([^"]+)"/g)].map(([, name]) => name!))],
  };
}

/** Properties that say which thing of an account a resource is. */
const IDENTIFYING = new Set([
  'AWS::Athena::WorkGroup Name',
  'AWS::CloudWatch::Alarm AlarmName',
  'AWS::IAM::Role RoleName',
  'AWS::KinesisAnalyticsV2::Application ApplicationName',
  'AWS::KinesisFirehose::DeliveryStream DeliveryStreamName',
  'AWS::Logs::LogGroup LogGroupName',
  'AWS::SNS::Topic TopicName',
  'AWS::SQS::Queue QueueName',
  'AWS::StepFunctions::StateMachine StateMachineName',
]);

describe('the app', () => {
  it('makes one stack for each deployable app, in the order of deployment', () => {
    expect(synthesized.stackNames).toEqual(STACKS.map((kind) => `pulselake-dev-${kind}`));
  });

  it('gives the same bytes twice', () => {
    // In one place, since CDK notes beside the templates where in the program things were made.
    const [once, again] = ['once', 'again'].map(synth);
    expect([...once!]).toEqual([...again!]);
  });

  it('needs no Docker and uploads nothing but templates', () => {
    for (const [file, text] of synth('assets')) {
      if (!file.endsWith('.assets.json')) continue;
      const { files, dockerImages } = JSON.parse(text) as {
        files: Record<string, { displayName: string }>;
        dockerImages: object;
      };
      expect(dockerImages, file).toEqual({});
      expect(
        Object.values(files).map(({ displayName }) => displayName),
        file,
      ).toEqual([expect.stringMatching(/Template$/)]);
    }
  });

  it('names no account and no machine', () => {
    const text = JSON.stringify(everything(synthesized));
    expect(text).not.toMatch(/[:-]\d{12}[:-]/);
    expect(text).not.toContain(process.cwd());
  });

  it('names everything by environment, so that two live side by side and a command touches its own only', () => {
    const names = (environment: string) =>
      everything(new Synthesized({ environment })).flatMap(({ Properties = {} }) =>
        Object.entries(Properties)
          .filter(([key, value]) => key.endsWith('Name') && key !== 'MetricName' && typeof value === 'string')
          .map(([, value]) => value as string),
      );
    const inQueries = new Set([
      'latest-windows',
      'traffic-of-the-last-days',
      'rejected-by-reason',
      'failed-runs',
      'unaccounted-records',
    ]);
    const dev = names('dev').filter((name) => !inQueries.has(name) && name !== 'job' && !/^Pulselake: /.test(name));
    expect(dev.length).toBeGreaterThan(30);
    expect(dev.filter((name) => !/pulselake[-_/]dev\b|pulselake_dev$/.test(name))).toEqual([]);
    const prod = new Set(names('prod'));
    expect(dev.filter((name) => prod.has(name))).toEqual([]);
  });

  it('lets every stack refer to the lake only, and strongly only to the bucket of the lake', () => {
    for (const kind of STACKS.filter((one) => one !== 'lake' && one !== 'operations')) {
      const { strong, weak } = references(kind);
      expect(
        weak.every((name) => name === 'pulselake-dev-lake'),
        kind,
      ).toBe(true);
      expect(
        strong.filter((name) => !/^pulselake-dev-lake:ExportsOutput(FnGetAtt|Ref)bucketslake[0-9A-F]{8}/.test(name)),
        kind,
      ).toEqual([]);
      expect(strong.length + weak.length, kind).toBeGreaterThan(0);
    }
    expect(references('lake')).toEqual({ strong: [], weak: [] });
    expect(references('operations')).toEqual({ strong: [], weak: [] });
  });

  it('gives every stack to one app, whose command touches no other', () => {
    expect(Object.values(STACKS_OF_APPS).flat().sort()).toEqual([...STACKS].sort());
    const owners = STACKS.flatMap((kind) =>
      Object.values(synthesized.template(kind).toJSON()['Resources'] as Record<string, Resource>).flatMap(
        ({ Type, Properties = {} }) =>
          Object.entries(Properties)
            .filter(
              ([key, value]) => key.endsWith('Name') && typeof value === 'string' && IDENTIFYING.has(`${Type} ${key}`),
            )
            .map(([, value]) => ({ kind, name: `${Type} ${value as string}` })),
      ),
    );
    const made = owners.map(({ name }) => name);
    expect(made.length).toBeGreaterThan(15);
    expect(made.filter((name, at) => made.indexOf(name) !== at)).toEqual([]);
  });

  it('tells costs apart by tags', () => {
    const streams = synthesized.resources('stream', 'AWS::Kinesis::Stream');
    for (const { Properties } of streams) {
      expect(Properties['Tags']).toEqual([
        { Key: 'pulselake:app', Value: 'stream' },
        { Key: 'pulselake:environment', Value: 'dev' },
      ]);
    }
  });
});
