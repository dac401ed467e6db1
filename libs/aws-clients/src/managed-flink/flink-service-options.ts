import type { KinesisAnalyticsV2Client } from '@aws-sdk/client-kinesis-analytics-v2';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../kinesis/retry-policy.js';
import { callService, type ControlEnvironment } from './call-service.js';

export interface FlinkServiceOptions extends ControlEnvironment {
  /** The caller's to destroy. */
  readonly client: Pick<KinesisAnalyticsV2Client, 'send'>;
  /** How a request is tried again, default two minutes with pauses of at most 5 s. */
  readonly retry?: RetryPolicy | undefined;
  /** Time until an attempt is given up, default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** One request of the service, about an application. */
export interface FlinkRequest {
  readonly application: string;
  /** The right that it needs. */
  readonly action: string;
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What `work` gives, tried again as the options say. */
export function callFlink<T>(
  { retry = DEFAULT_RETRY_POLICY, requestTimeoutMs = 30_000, ...environment }: FlinkServiceOptions,
  { application, action, isRepeatable, signal }: FlinkRequest,
  work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { clock, random, sleep, onRetry } = environment;
  return callService((abortSignal) => work({ abortSignal }), {
    service: 'Managed Flink',
    name: application,
    needs: `kinesisanalytics:${action}`,
    retry,
    requestTimeoutMs,
    isRepeatable,
    signal,
    clock,
    random,
    sleep,
    onRetry,
  });
}
