/** What a {@link MalformedTaskError} knows besides its message. */
export interface MalformedTaskErrorOptions extends ErrorOptions {
  /** Where in the task, for example `timer.stepMillis`; empty for the whole of it. */
  readonly path?: string;
}

/** A task file that cannot be used. The message says where, what, what is allowed and what to do. */
export class MalformedTaskError extends Error {
  override readonly name = 'MalformedTaskError';
  readonly path: string;

  constructor(message: string, { path = '', cause }: MalformedTaskErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.path = path;
  }
}
