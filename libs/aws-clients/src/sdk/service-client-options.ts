import { http1Handler } from './http1-handler.js';

/** What every client of this library can be told. Credentials come from the SDK's default chain and from nowhere else. */
export interface ServiceClientOptions {
  /** AWS region; absent: the SDK's default (environment, shared configuration). */
  readonly region?: string | undefined;
  /** Address of something that speaks for the service, for example an emulator. */
  readonly endpoint?: string | undefined;
  /** Time until a connection stands, default 5,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Time until a request is sent and answered, default 30,000. The request is then ended. */
  readonly requestTimeoutMs?: number | undefined;
  /** Time that a connection may be silent, default `requestTimeoutMs`. The request is then ended. */
  readonly silenceMs?: number | undefined;
  /** Connections at a time, default 10. */
  readonly maxSockets?: number | undefined;
  /** Attempts of each request by the SDK itself, default 1: this library repeats what may be repeated. */
  readonly maxAttempts?: number | undefined;
}

/** What a service has other defaults for. */
export type ServiceClientDefaults = Partial<
  Record<'requestTimeoutMs' | 'silenceMs' | 'maxSockets' | 'maxAttempts', number>
>;

/** The same options for the constructors of the SDK's clients. */
export function serviceClientConfiguration(options: ServiceClientOptions, defaults: ServiceClientDefaults = {}) {
  const { region, endpoint, connectionTimeoutMs = 5_000 } = options;
  const { requestTimeoutMs = defaults.requestTimeoutMs ?? 30_000 } = options;
  const { silenceMs = defaults.silenceMs ?? requestTimeoutMs, maxSockets = defaults.maxSockets ?? 10 } = options;
  return {
    maxAttempts: options.maxAttempts ?? defaults.maxAttempts ?? 1,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: http1Handler({ connectionTimeoutMs, requestTimeoutMs, silenceMs, maxSockets }),
  };
}
