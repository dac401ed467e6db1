import { Aws } from 'aws-cdk-lib';
import type { PulselakeConfig } from './config.js';

/** The stacks, in the order in which a first deployment makes them. */
export const STACKS = ['lake', 'stream', 'metrics-etl', 'traffic-report', 'grafana', 'operations'] as const;

export type StackKind = (typeof STACKS)[number];

/**
 * What things are called. Names are fixed by environment, so that commands find things without asking CloudFormation, and a
 * stack that only watches another needs no reference to it.
 */
export class Names {
  readonly #base: string;
  readonly region: string;

  constructor({ environment, region }: Pick<PulselakeConfig, 'environment' | 'region'>) {
    this.#base = `pulselake-${environment}`;
    this.region = region;
  }

  /** Of anything whose name is unique in an account and region. */
  of(what: string): string {
    return `${this.#base}-${what}`;
  }

  stack(kind: StackKind): string {
    return this.of(kind);
  }

  /** Names of buckets are unique in the world. */
  bucket(what: 'landing' | 'lake' | 'artifacts' | 'query-results' | 'access-logs'): string {
    return `${this.#base}-${what}-${Aws.ACCOUNT_ID}-${this.region}`;
  }

  /** Glue's and Athena's names have no hyphens. */
  get database(): string {
    return this.#base.replaceAll('-', '_');
  }

  get eventStream(): string {
    return this.of('metric-events');
  }

  get windowStream(): string {
    return this.of('windowed-metrics');
  }

  get flinkApplication(): string {
    return this.of('window-aggregator');
  }

  get deliveryStream(): string {
    return this.of('window-delivery');
  }

  get etlJob(): string {
    return this.of('metrics-etl');
  }

  get etlDeadLetters(): string {
    return this.of('metrics-etl-dead-letters');
  }

  get etlSucceededRule(): string {
    return this.of('metrics-etl-succeeded');
  }

  get trafficStateMachine(): string {
    return this.of('traffic-report');
  }

  get trafficDeadLetters(): string {
    return this.of('traffic-report-dead-letters');
  }

  get workgroup(): string {
    return this.#base;
  }
}
