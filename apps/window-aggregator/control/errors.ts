/** A wrong argument: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for could not be brought about: exit code 1. */
export class ControlFailure extends Error {
  override readonly name: string = 'ControlFailure';
}

/** The application was not where it should be in time; AWS goes on with what was begun. */
export class WaitEndedError extends ControlFailure {
  override readonly name = 'WaitEndedError';
}
