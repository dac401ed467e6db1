/** A deployment that could not be made, or was taken back. The message says what to do. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}
