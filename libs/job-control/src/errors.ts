/** A wrong argument: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for could not be brought about: exit code 1. */
export class JobFailure extends Error {
  override readonly name: string = 'JobFailure';
}

/** The run did not end in time; it goes on. */
export class WaitEndedError extends JobFailure {
  override readonly name = 'WaitEndedError';
}

/** Ended by hand. */
export class StoppedError extends JobFailure {
  override readonly name = 'StoppedError';
}
