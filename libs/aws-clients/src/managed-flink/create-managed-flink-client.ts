import { KinesisAnalyticsV2Client } from '@aws-sdk/client-kinesis-analytics-v2';
import { http1Handler } from './http1-handler.js';

export interface ManagedFlinkClientOptions {
  /** AWS region; absent: the SDK's default (environment, shared configuration). */
  readonly region?: string | undefined;
  /** Address of something that speaks for the service. */
  readonly endpoint?: string | undefined;
  /** Time until a connection stands, default 5,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Time until a request is answered, default 30,000. The request is then ended. */
  readonly requestTimeoutMs?: number | undefined;
}

/**
 * The SDK's client as this library wants it: HTTP/1.1, timeouts that end the request, and no attempts of its own, since
 * `AwsManagedFlink` repeats what may be repeated. Credentials come from the SDK's default chain and from nowhere else.
 */
export function createManagedFlinkClient(options: ManagedFlinkClientOptions = {}): KinesisAnalyticsV2Client {
  const { region, endpoint, connectionTimeoutMs = 5_000, requestTimeoutMs = 30_000 } = options;
  return new KinesisAnalyticsV2Client({
    maxAttempts: 1,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: http1Handler({ connectionTimeoutMs, requestTimeoutMs, silenceMs: requestTimeoutMs }),
  });
}
