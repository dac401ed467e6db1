import type { Stacks } from '@pulselake/aws-clients/stacks';
import type { ProgramCall } from './apps.js';

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
}

/** What a deployment works with. */
export interface DeployPorts {
  readonly stacks: Stacks;
  /** Removes all that a bucket holds. @returns how many versions of objects that were */
  readonly emptyBucket: (bucket: string, signal: AbortSignal) => Promise<number>;
  /** Runs a program of the workspace; what it says goes to people. */
  readonly run: (call: ProgramCall, signal: AbortSignal) => Promise<Ended>;
  /** Runs the CDK with these arguments. */
  readonly cdk: (args: readonly string[], signal: AbortSignal) => Promise<Ended>;
  readonly say: (text: string) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of a steady clock. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}
