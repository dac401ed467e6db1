import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** The body of a request. */
export type Input = Readonly<Record<string, unknown>>;

/** How one request is answered. */
export type Answer =
  | { readonly body: unknown; readonly delayMs?: number }
  | { readonly fault: string; readonly message: string; readonly status?: number }
  | { readonly html: string; readonly status: number }
  /** Nothing comes, or the answer begins and then stalls, or the connection is cut. */
  | 'hang'
  | 'stall'
  | 'reset';

/** Answers an operation; the last of several answers is repeated. */
export type Script = Readonly<Record<string, readonly Answer[] | ((input: Input) => Answer)>>;

/** An Athena that answers by a script over real HTTP, and remembers what it was asked. */
export class FakeAthena {
  readonly requests: { readonly operation: string; readonly input: Input }[] = [];
  readonly #turns = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly script: Script,
  ) {}

  /** Serves until the test has ended. */
  static async serve(script: Script): Promise<FakeAthena> {
    const server = createServer((request, response) => void fake.#answer(request, response));
    const fake = new FakeAthena(server, script);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The inputs of the requests of an operation. */
  asked(operation: string): Input[] {
    return this.requests.filter((request) => request.operation === operation).map(({ input }) => input);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const input = JSON.parse(await text(request)) as Input;
    this.requests.push({ operation, input });
    const turn = this.#turns.get(operation) ?? 0;
    this.#turns.set(operation, turn + 1);
    const scripted = this.script[operation] ?? [{ body: {} }];
    const answer = typeof scripted === 'function' ? scripted(input) : scripted[Math.min(turn, scripted.length - 1)]!;
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (answer === 'stall') {
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1', 'Content-Length': '1000' });
      response.write('{"QueryExecutionId":');
      return;
    }
    if ('html' in answer) {
      response.writeHead(answer.status, { 'Content-Type': 'text/html' }).end(answer.html);
      return;
    }
    if ('fault' in answer) {
      response
        .writeHead(answer.status ?? 400, { 'Content-Type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: answer.fault, Message: answer.message }));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, answer.delayMs ?? 0));
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer.body));
  }
}
