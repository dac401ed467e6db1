import {
  type ControlEnvironment,
  DEFAULT_RETRY_POLICY,
  type RetryPolicy,
  type ServiceClientOptions,
} from '@pulselake/aws-clients/artifacts';
import { StoppedError } from './errors.js';
import type { AwsFlags } from './flags.js';
import type { JobIo } from './job-io.js';

/** What the adapters of a service are made with. */
export interface ServiceEnvironment extends ControlEnvironment {
  readonly retry: RetryPolicy;
  /** Time that the command has for everything: no request has more. */
  readonly timeoutMs: number;
}

/** A service as commands reach it: AWS, or, in tests, something instead. */
export type ServiceAccess<Service> = (
  client: ServiceClientOptions,
  environment: ServiceEnvironment,
) => {
  readonly service: Service;
  /** Ends its connections. */
  readonly destroy: () => void;
};

export interface SessionOptions {
  readonly flags: Pick<AwsFlags, 'region' | 'endpoint' | 'timeoutSeconds'>;
  readonly io: JobIo;
  readonly report: (line: string) => void;
}

/** Gives `work` the service that the flags name, and ends its connections after it. */
export async function withService<Service, T>(
  access: ServiceAccess<Service>,
  { flags, io, report }: SessionOptions,
  work: (service: Service) => Promise<T>,
): Promise<T> {
  const { region, endpoint, timeoutSeconds } = flags;
  const timeoutMs = timeoutSeconds * 1000;
  let lastTold = '';
  const { service, destroy } = access(
    { region, endpoint },
    {
      clock: io.clock,
      random: io.random,
      sleep: io.sleep,
      onRetry: ({ message }) => {
        // Once for what goes on for minutes.
        if (message !== lastTold) report(`trying again: ${message}`);
        lastTold = message;
      },
      retry: { ...DEFAULT_RETRY_POLICY, deadlineMs: Math.min(DEFAULT_RETRY_POLICY.deadlineMs, timeoutMs) },
      timeoutMs,
    },
  );
  try {
    return await work(service);
  } catch (error) {
    if (!io.signal.aborted || error instanceof StoppedError) throw error;
    throw new StoppedError('Stopped. The same command goes on where this one ended.', { cause: error });
  } finally {
    destroy();
  }
}
