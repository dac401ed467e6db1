import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import { FakeBucket } from './fake-bucket.js';
import { FakeFlink, Refusal } from './fake-flink.js';

const READS = /^(Describe|List)/;

/** A Managed Flink and an S3 on loopback, behind the protocols of the real ones. */
export class FakeAws {
  readonly flink = new FakeFlink();
  readonly bucket = new FakeBucket();
  /** Calls of Managed Flink, in order. */
  readonly calls: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[] = [];

  private constructor(private readonly server: Server) {}

  /** Serves until the test has ended. */
  static async serve(): Promise<FakeAws> {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
    const server = createServer((request, response) => void aws.#answer(request, response));
    const aws = new FakeAws(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
      vi.unstubAllEnvs();
    });
    return aws;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The calls that change something. */
  get changes() {
    return this.calls.filter(({ operation }) => !READS.test(operation));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const target = request.headers['x-amz-target'];
    if (typeof target !== 'string') {
      this.bucket.answer(request, body, response);
      return;
    }
    const operation = target.replace('KinesisAnalytics_20180523.', '');
    const input = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
    this.calls.push({ operation, input });
    const send = (status: number, answer: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    const fault = this.flink.faults[operation]?.shift();
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    if (typeof fault === 'object') {
      send(fault.status ?? 400, { __type: fault.fault, message: fault.message ?? 'said the service' });
      return;
    }
    try {
      const answer = this.flink.obey(operation, input);
      if (fault === 'lost') request.socket.destroy();
      else send(200, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(400, { __type: error.fault, message: error.message });
    }
  }
}
