import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface Http1HandlerOptions {
  /** Time until a connection stands. */
  readonly connectionTimeoutMs: number;
  /** Time until a request is sent and answered. It is then ended. */
  readonly requestTimeoutMs: number;
  /** Time that a connection may be silent: an answer that begins and then stalls. The request is then ended. */
  readonly silenceMs: number;
  /** Connections at a time. */
  readonly maxSockets: number;
}

/**
 * HTTP/1.1 with connections kept alive, and timeouts that end the request. The SDK's own default for some services speaks
 * HTTP/2 and opens a session for each request, which emulators do not understand.
 */
export function http1Handler({ connectionTimeoutMs, requestTimeoutMs, silenceMs, maxSockets }: Http1HandlerOptions) {
  const agent = { keepAlive: true, maxSockets };
  return new NodeHttpHandler({
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    socketTimeout: silenceMs,
    // Without it the handler only warns.
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  });
}
