/** A request that is not done, with what its sender should know. */
export class IntakeRefusal extends Error {
  override readonly name = 'IntakeRefusal';

  constructor(
    readonly status: 400 | 413 | 415 | 503,
    message: string,
    readonly options: { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
  }
}
