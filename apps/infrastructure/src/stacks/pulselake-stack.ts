import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PulselakeConfig } from '../config.js';
import { Names, type StackKind } from '../names.js';

/** What all stacks have in common: a name, a region, and tags by which costs can be told apart. */
export abstract class PulselakeStack extends Stack {
  readonly names: Names;

  constructor(
    scope: Construct,
    kind: StackKind,
    readonly config: PulselakeConfig,
    description: string,
  ) {
    const names = new Names(config);
    super(scope, names.stack(kind), {
      stackName: names.stack(kind),
      env: { region: config.region },
      description,
      // Everything is deployed by name; there are no assets, so nothing depends on how an account was bootstrapped.
      analyticsReporting: false,
    });
    this.names = names;
    Tags.of(this).add('pulselake:environment', config.environment);
    Tags.of(this).add('pulselake:app', kind);
  }
}
