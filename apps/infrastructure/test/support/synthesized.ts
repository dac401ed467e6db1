import process from 'node:process';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Artifacts } from '../../src/artifacts.js';
import { buildApp, type BuildAppOptions } from '../../src/build-app.js';
import { parseConfig } from '../../src/config.js';
import type { StackKind } from '../../src/names.js';

// CDK's own validator takes most of the time of a synth; `synth` itself runs it.
process.env['CDK_VALIDATION'] = 'false';

/** Artifacts that nobody built: templates hold their keys only. */
export const ARTIFACTS: Artifacts = {
  windowAggregator: () => artifact('window-aggregator/window-aggregator-JAR.jar'),
  metricsEtl: () => ({
    script: artifact('metrics-etl/metrics-etl-job-1.py'),
    wheel: artifact('metrics-etl/pulselake_metrics_etl-0.1.0+1-py3-none-any.whl'),
    pythonModules: ['pyarrow==20.0.0', 'boto3==1.42.97'],
  }),
  trafficReport: () => ({
    entryPoint: artifact('traffic-report/traffic-report-main-1.py'),
    pyFiles: artifact('traffic-report/traffic_report-1.zip'),
  }),
};

function artifact(key: string) {
  return { key, sha256: '0'.repeat(64) };
}

/** The least that has to be said. */
export const LEAST = { environment: 'dev', region: 'eu-central-1' };

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** All stacks, made once. */
export class Synthesized {
  readonly #stacks: ReadonlyMap<string, Stack>;
  readonly #environment: string;

  constructor(config: Record<string, unknown> = {}, options: Partial<BuildAppOptions> = {}) {
    const parsed = parseConfig({ ...LEAST, ...config }, 'test');
    this.#environment = parsed.environment;
    const app = buildApp({ config: parsed, artifacts: ARTIFACTS, ...options });
    this.#stacks = new Map(
      app.node.children.filter((child) => Stack.isStack(child)).map((stack) => [stack.stackName, stack]),
    );
  }

  get stackNames(): string[] {
    return [...this.#stacks.keys()];
  }

  stack(kind: StackKind): Stack {
    return this.#stacks.get(`pulselake-${this.#environment}-${kind}`)!;
  }

  template(kind: StackKind): Template {
    return Template.fromStack(this.stack(kind));
  }

  resources(kind: StackKind, type: string): Resource[] {
    return Object.values(this.template(kind).findResources(type)) as Resource[];
  }

  /** The one resource of a type. */
  one(kind: StackKind, type: string): Resource['Properties'] {
    const found = this.resources(kind, type);
    if (found.length !== 1) throw new Error(`${kind} has ${found.length} of ${type}`);
    return found[0]!.Properties;
  }
}
