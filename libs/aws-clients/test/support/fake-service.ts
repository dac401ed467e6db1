import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import { createArtifactStoreClient } from '../../src/artifacts/index.js';
import { createEmrServerlessClient } from '../../src/emr-serverless/index.js';
import { createGlueClient, type ServiceClientOptions } from '../../src/glue/index.js';
import { createManagedFlinkClient } from '../../src/managed-flink/index.js';

export interface Asked {
  /** The service's operation, or the HTTP method of S3 and EMR Serverless. */
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** How one request is answered. */
export type Answer =
  | { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly fault: string; readonly message?: string; readonly status?: number }
  | { readonly xml: string; readonly status: number }
  /** Nothing comes; the connection is cut; a proxy's page comes. */
  | 'hang'
  | 'reset'
  | 'page';

/** Answers by operation; the last of several answers is repeated. */
export type Script = Readonly<Record<string, readonly Answer[]>>;

/** A service of AWS that answers by a script over real HTTP, and remembers what it was asked. */
export class FakeService {
  readonly asked: Asked[] = [];
  readonly #turns = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly script: Script,
  ) {}

  /** Serves until the test has ended. */
  static async serve(script: Script): Promise<FakeService> {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const server = createServer((request, response) => void fake.#answer(request, response));
    const fake = new FakeService(server, script);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
      vi.unstubAllEnvs();
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The bodies of an operation's requests, parsed. */
  inputs(operation: string): unknown[] {
    return this.asked
      .filter((request) => request.operation === operation)
      .map(({ body }) => JSON.parse(body.toString()) as unknown);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.headers['x-amz-target'];
    const operation = typeof target === 'string' ? target.replace(/^.*\./, '') : request.method!;
    const body = await buffer(request);
    this.asked.push({ operation, path: request.url!, headers: request.headers, body });
    const turn = this.#turns.get(operation) ?? 0;
    this.#turns.set(operation, turn + 1);
    const answers = this.script[operation] ?? [{}];
    const answer = answers[Math.min(turn, answers.length - 1)]!;
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (answer === 'page') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>\nSign in</html>');
      return;
    }
    if ('xml' in answer) {
      response.writeHead(answer.status, { 'Content-Type': 'application/xml' }).end(answer.xml);
      return;
    }
    if ('fault' in answer) {
      response
        .writeHead(answer.status ?? 400, { 'Content-Type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: answer.fault, message: answer.message ?? 'said the service' }));
      return;
    }
    const isXml = typeof answer.body === 'string';
    response
      .writeHead(200, { 'Content-Type': isXml ? 'application/xml' : 'application/x-amz-json-1.1', ...answer.headers })
      .end(
        isXml
          ? answer.body
          : target === undefined && answer.body === undefined
            ? undefined
            : JSON.stringify(answer.body ?? {}),
      );
  }
}

/** Time that passes by waiting only. */
export function environment() {
  const waits: number[] = [];
  let nowMs = 0;
  return {
    waits,
    clock: () => nowMs,
    random: () => 0.5,
    sleep: (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

/** Time that requests have: little where an answer never comes, and enough for a busy machine everywhere else. */
export const timeoutFor = (script: Script): number =>
  Object.values(script).some((answers) => answers.includes('hang')) ? 500 : 20_000;

/** A client of the fake, until the test has ended. */
function clientOf<Client extends { destroy: () => void }>(
  create: (options: ServiceClientOptions) => Client,
  endpoint: string,
  requestTimeoutMs = 400,
): Client {
  const client = create({ endpoint, region: 'eu-central-1', requestTimeoutMs });
  onTestFinished(() => client.destroy());
  return client;
}

export const flinkClientOf = (endpoint: string, requestTimeoutMs?: number) =>
  clientOf(createManagedFlinkClient, endpoint, requestTimeoutMs);

export const bucketClientOf = (endpoint: string, requestTimeoutMs?: number) =>
  clientOf(createArtifactStoreClient, endpoint, requestTimeoutMs);

export const glueClientOf = (endpoint: string, requestTimeoutMs?: number) =>
  clientOf(createGlueClient, endpoint, requestTimeoutMs);

export const emrClientOf = (endpoint: string, requestTimeoutMs?: number) =>
  clientOf(createEmrServerlessClient, endpoint, requestTimeoutMs);
