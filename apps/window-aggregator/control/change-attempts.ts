import { ConflictError, ControlUnreachableError } from '@pulselake/aws-clients/managed-flink';

/** Changes of one command that may meet somebody else's, or lose their answer. */
const MAX_ATTEMPTS = 3;

/** How long the state that is described may be older than an accepted call. */
const SETTLING_MS = 15_000;

/**
 * Sends what changes something, and keeps what the caller has to know before it looks again: a conflict means that the
 * application is not what it was, and a lost answer that nobody knows. Neither is an error until it has happened three times.
 */
export class ChangeAttempts {
  #failures = 0;
  #acceptedMs: number | undefined;
  #lost = false;

  constructor(private readonly clock: () => number) {}

  /** Whether the answer of the last call was lost. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** Whether the last accepted call may not be seen yet. */
  get isSettling(): boolean {
    return this.#acceptedMs !== undefined && this.clock() - this.#acceptedMs < SETTLING_MS;
  }

  /** The state has changed since the last call. */
  settle(): void {
    this.#acceptedMs = undefined;
    this.#lost = false;
  }

  /** What the call gives; undefined when the application has to be looked at again. */
  async send<T>(call: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    this.#lost = false;
    try {
      const value = await call();
      this.#acceptedMs = this.clock();
      return { value };
    } catch (error) {
      const isLost = error instanceof ControlUnreachableError;
      if (!(isLost || error instanceof ConflictError) || ++this.#failures >= MAX_ATTEMPTS) throw error;
      this.#lost = isLost;
      return undefined;
    }
  }
}
