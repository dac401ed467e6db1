import { type Agent, request, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ForwardOptions {
  readonly target: string;
  readonly agent: Agent;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request to the server behind, and waits for its whole answer. */
export function forward({ target, agent, headers, body }: ForwardOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(target, {
      method: 'POST',
      agent,
      headers: { ...headers, host: new URL(target).host, connection: 'keep-alive', 'content-length': body.length },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      buffer(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: answer }),
        reject,
      );
    });
    outgoing.end(body);
  });
}
