import type { KinesisAnalyticsV2Client } from '@aws-sdk/client-kinesis-analytics-v2';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';

/** The SDK's client of Managed Service for Apache Flink by which applications are changed and asked for. */
export type FlinkServiceOptions = ControlOptions<Pick<KinesisAnalyticsV2Client, 'send'>>;

/** One request of the service, about an application. */
export interface FlinkRequest extends CallOptions {
  readonly application: string;
  /** The right that it needs. */
  readonly action: string;
  readonly isRepeatable: boolean;
}

/** What `work` gives, tried again as the options say. */
export function callFlink<T>(
  options: FlinkServiceOptions,
  { application, action, isRepeatable, signal }: FlinkRequest,
  work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const asked = { service: 'Managed Flink', what: 'application', name: application } as const;
  return callService(work, { ...asked, needs: `kinesisanalytics:${action}`, isRepeatable, signal }, options);
}
