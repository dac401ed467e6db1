import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { GlueRunState } from '@pulselake/aws-clients/glue';
import { onTestFinished } from 'vitest';

interface Input {
  readonly Arguments?: Readonly<Record<string, string>>;
}

/** A Glue on loopback with one run at most, behind the service's protocol, for commands that are programs of their own. */
export class GlueServer {
  readonly operations: string[] = [];
  #run: { arguments: Readonly<Record<string, string>>; state: GlueRunState } | undefined;
  #url = '';
  #losesAnswer = false;

  get url(): string {
    return this.#url;
  }

  get state(): GlueRunState | undefined {
    return this.#run?.state;
  }

  /** The next start is obeyed, and its connection cut. */
  loseNextAnswer(): void {
    this.#losesAnswer = true;
  }

  /** Serves until the test has ended. */
  static async serve(): Promise<GlueServer> {
    const glue = new GlueServer();
    const server = createServer((request, response) => void glue.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    glue.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return glue;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
    const input = (await json(request)) as Input;
    this.operations.push(operation);
    const answer = this.#obey(operation, input);
    if (operation === 'StartJobRun' && this.#losesAnswer) {
      this.#losesAnswer = false;
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }

  #obey(operation: string, input: Input): object {
    if (operation === 'StartJobRun') this.#run = { arguments: input.Arguments ?? {}, state: 'RUNNING' };
    if (operation === 'BatchStopJobRun' && this.#run) this.#run.state = 'STOPPED';
    const run = this.#run && { Id: 'jr_1', JobRunState: this.#run.state, Arguments: this.#run.arguments };
    switch (operation) {
      case 'StartJobRun':
        return { JobRunId: 'jr_1' };
      case 'GetJobRun':
        return { JobRun: run };
      case 'GetJobRuns':
        return { JobRuns: run ? [run] : [] };
      default:
        return { SuccessfulSubmissions: [{ JobName: 'metrics-etl', JobRunId: 'jr_1' }] };
    }
  }
}
