import type { CallOptions } from '../control/call-service.js';

/** A stack of CloudFormation. */
export interface StackState {
  readonly name: string;
  /** As the service says it, for example `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly reason?: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What of a stack went wrong. */
export interface StackFailure {
  /** The resource's name in the template. */
  readonly resource: string;
  readonly reason: string;
}

/** Stacks, as a deployment looks at them. Each call rejects with a `ControlError`, and with the reason of its signal. */
export interface Stacks {
  /** Undefined when there is none of that name. */
  describe(name: string, options?: CallOptions): Promise<StackState | undefined>;
  /** What it has made: the services' names of its resources by their names in the template. */
  resources(name: string, options?: CallOptions): Promise<ReadonlyMap<string, string>>;
  /** The template that it has now. */
  template(name: string, options?: CallOptions): Promise<string>;
  /** Gives it another template. It is under way when this resolves. */
  update(name: string, template: string, options?: CallOptions): Promise<void>;
  /** The failures of its last change, the first one first: what follows is but its consequence. */
  failures(name: string, options?: CallOptions): Promise<readonly StackFailure[]>;
}
