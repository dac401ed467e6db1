import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from '@aws-sdk/client-athena';
// eslint-disable-next-line @nx/enforce-module-boundaries -- only the command wants it late
import { createAthenaClient } from '@pulselake/aws-clients';
import { serveAthena, type ServeAthenaOptions } from '../../../src/athena/serve-athena.js';

/** An endpoint on a free port with the real client of the SDK, for one test or one file. */
export class Endpoint {
  private constructor(
    readonly url: string,
    readonly client: AthenaClient,
    readonly faults: unknown[],
    private readonly end: () => Promise<void>,
  ) {}

  static async serve(root: string, options: Partial<ServeAthenaOptions> = {}): Promise<Endpoint> {
    const faults: unknown[] = [];
    const served = await serveAthena(root, {
      port: 0,
      clock: () => Date.now(),
      onError: (error) => faults.push(error),
      ...options,
    });
    return new Endpoint(served.url, clientOf(served.url), faults, () => served.close());
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.end();
  }

  async start(sql: string, input: Partial<StartQueryExecutionInput> = {}): Promise<string> {
    const { QueryExecutionId: id } = await this.client.send(
      new StartQueryExecutionCommand({ QueryString: sql, ...input }),
    );
    return id!;
  }

  async execution(id: string): Promise<QueryExecution> {
    const { QueryExecution: execution } = await this.client.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
    );
    return execution!;
  }

  /** The execution once it has ended. */
  async ended(id: string): Promise<QueryExecution> {
    for (;;) {
      const execution = await this.execution(id);
      if (!['QUEUED', 'RUNNING'].includes(execution.Status!.State!)) return execution;
      await sleep(10);
    }
  }

  async run(sql: string, input: Partial<StartQueryExecutionInput> = {}): Promise<QueryExecution> {
    return this.ended(await this.start(sql, input));
  }

  /** The texts of the first page of a query that has to succeed, the header included. */
  async texts(sql: string, input: Partial<StartQueryExecutionInput> = {}): Promise<(string | undefined)[][]> {
    const execution = await this.run(sql, input);
    if (execution.Status?.State !== 'SUCCEEDED') throw new Error(execution.Status?.StateChangeReason);
    const { ResultSet: result } = await this.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    );
    return result!.Rows!.map(({ Data }) => Data!.map(({ VarCharValue }) => VarCharValue));
  }
}

function clientOf(url: string): AthenaClient {
  return createAthenaClient({
    endpoint: url,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'anything', secretAccessKey: 'anything' },
  });
}
