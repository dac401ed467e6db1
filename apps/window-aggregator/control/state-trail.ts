import type { ApplicationState } from '@pulselake/aws-clients/managed-flink';
import type { Waiting } from './waiting.js';

const SETTLED = new Set<ApplicationState>(['READY', 'RUNNING', 'ROLLED_BACK', 'DELETING']);

/** Tells each state of an application once, when it is entered. */
export class StateTrail {
  #last: ApplicationState | undefined;

  constructor(
    private readonly application: string,
    private readonly waiting: Waiting,
    private readonly report: (line: string) => void,
  ) {}

  /** @returns whether the application is on its way to another state */
  see(state: ApplicationState): { readonly isTransient: boolean } {
    if (state !== this.#last) this.report(`${this.application}: ${state}`);
    this.#last = state;
    this.waiting.situation = `${this.application} is ${state}`;
    return { isTransient: !SETTLED.has(state) };
  }
}
