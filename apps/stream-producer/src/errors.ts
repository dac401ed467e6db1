/** A wrong argument: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An input that cannot be read. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
