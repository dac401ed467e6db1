import type { ManagedFlink } from '@pulselake/aws-clients/managed-flink';

/**
 * Why an operation failed, in the service's words; the newest failed one when its id is not known. Never rejects but by
 * the signal: a reason that cannot be read says so.
 */
export async function failureReason(
  flink: ManagedFlink,
  { application, id, signal }: { application: string; id: string | undefined; signal: AbortSignal },
): Promise<string> {
  try {
    const [newest] = id === undefined ? await flink.operations(application, { signal }) : [];
    const asked = id ?? newest?.id;
    if (asked === undefined) return 'The service names no reason.';
    const { kind, status, error } = await flink.operation(application, asked, { signal });
    return error === undefined ? `The service names no reason; ${kind} is ${status}.` : `The service says: ${error}`;
  } catch (error) {
    signal.throwIfAborted();
    return `The reason cannot be read: ${(error as Error).message}`;
  }
}
