import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS, type Fault } from './fault.js';
import { FaultPlan, type FaultPlanOptions } from './fault-plan.js';
import { type Answer, forward } from './forward.js';
import { PartialPut } from './partial-put.js';
import { hashKeyOf, ShardLimits, type ShardLimitOptions, type ShardRange } from './shard-limits.js';

export interface FaultProxyOptions extends FaultPlanOptions {
  /** Address of the server behind. */
  readonly target: string;
  /** Operations that faults happen to. Default `PutRecords`. All others pass. */
  readonly operations?: readonly string[];
  /** Refuses what a real shard would refuse; absent: no limits. */
  readonly shardLimits?: ShardLimitOptions;
  /** Each answer comes later by a random time of up to so many milliseconds. Default 0. */
  readonly latencyMs?: number;
}

/** What a proxy did. */
export interface FaultCounts {
  requests: number;
  /** Requests that the server behind has seen, some of them in part. */
  forwarded: number;
  /** Records of partial failures and of shard limits that were not forwarded. */
  refusedRecords: number;
  readonly faults: Record<Fault, number>;
}

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

/** A proxy between a Kinesis client and its server, on loopback, that fails as networks and services do. */
export class FaultProxy {
  readonly counts: FaultCounts = {
    requests: 0,
    forwarded: 0,
    refusedRecords: 0,
    faults: Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>,
  };
  readonly #agent = new Agent({ keepAlive: true });
  readonly #limits: ShardLimits | undefined;
  readonly #ranges = new Map<string, { readonly atMs: number; readonly ranges: readonly ShardRange[] }>();
  #plan: FaultPlan;

  private constructor(
    private readonly server: Server,
    private readonly options: FaultProxyOptions,
  ) {
    this.#plan = new FaultPlan(options);
    this.#limits = options.shardLimits && new ShardLimits(options.shardLimits);
  }

  /** Starts one on a free port. */
  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = createServer((request, response) => {
      proxy.#serve(request, response).catch(() => request.socket.destroy());
    });
    const proxy = new FaultProxy(server, options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `http://127.0.0.1:PORT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on other faults, or none. */
  setPlan(plan: FaultPlanOptions): void {
    this.#plan = new FaultPlan(plan);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    this.counts.requests++;
    const { latencyMs = 0, operations = ['PutRecords'] } = this.options;
    if (latencyMs > 0) await sleep(this.#plan.random() * latencyMs);
    const fault = operations.includes(operation) ? this.#plan.next() : 'none';
    if (fault !== 'none') this.counts.faults[fault]++;
    switch (fault) {
      case 'throttle':
        answer(response, failure(400, 'ProvisionedThroughputExceededException', 'Rate exceeded.'));
        return;
      case 'server-error':
        answer(response, failure(500, 'InternalFailure', 'Internal failure.'));
        return;
      case 'html':
        answer(response, {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in to this network.</p>'),
        });
        return;
      case 'reset-before':
        request.socket.destroy();
        return;
      case 'hang-before':
        return;
      default:
        await this.#pass({ request, response, body, operation, fault });
    }
  }

  async #pass({ request, response, body, operation, fault }: Passing): Promise<void> {
    const { target } = this.options;
    const send = (what: Buffer) => {
      this.counts.forwarded++;
      return forward({ target, agent: this.#agent, headers: request.headers, body: what });
    };
    let given: Answer;
    if (operation === 'PutRecords' && (fault === 'partial-failure' || this.#limits)) {
      const shardOf = await this.#shardOf(request, body);
      const part = new PartialPut(body, ({ PartitionKey: key, Data: data }) => {
        if (fault === 'partial-failure' && this.#plan.random() < 0.5) return false;
        const sizeBytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(key);
        return this.#limits?.take(shardOf(key), sizeBytes, Date.now()) ?? true;
      });
      this.counts.refusedRecords += part.refused;
      given = part.answer(part.isEmpty ? undefined : await send(part.body()));
    } else {
      given = await send(body);
    }
    if (fault === 'hang-after') return;
    if (fault === 'reset-after') request.socket.destroy();
    else if (fault === 'truncated') {
      response.writeHead(given.status, { ...JSON_TYPE, 'content-length': given.body.length });
      response.write(given.body.subarray(0, given.body.length >> 1), () => request.socket.destroy());
    } else answer(response, given);
  }

  /** Which open shard a partition key belongs to, as the server behind says, not older than a second. */
  async #shardOf(request: IncomingMessage, body: Buffer): Promise<(key: string) => string> {
    if (!this.#limits) return () => '';
    const { StreamName: name } = JSON.parse(body.toString()) as { StreamName: string };
    let known = this.#ranges.get(name);
    if (!known || Date.now() - known.atMs > 1_000) {
      const { target } = this.options;
      const headers = { ...request.headers, 'x-amz-target': 'Kinesis_20131202.ListShards' };
      const { body: listed } = await forward({
        target,
        agent: this.#agent,
        headers,
        body: Buffer.from(JSON.stringify({ StreamName: name })),
      });
      const { Shards: shards = [] } = JSON.parse(listed.toString()) as { Shards?: ListedShard[] };
      const ranges = shards
        .filter(({ SequenceNumberRange: range }) => range.EndingSequenceNumber === undefined)
        .map(({ ShardId: shardId, HashKeyRange: { StartingHashKey, EndingHashKey } }) => ({
          shardId,
          from: BigInt(StartingHashKey),
          to: BigInt(EndingHashKey),
        }));
      this.#ranges.set(name, (known = { atMs: Date.now(), ranges }));
    }
    const { ranges } = known;
    return (key) => {
      const hash = hashKeyOf(key);
      return ranges.find(({ from, to }) => hash >= from && hash <= to)?.shardId ?? '';
    };
  }
}

interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly operation: string;
  readonly fault: Fault | 'none';
}

interface ListedShard {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

function failure(status: number, type: string, message: string): Answer {
  return { status, headers: JSON_TYPE, body: Buffer.from(JSON.stringify({ __type: type, message })) };
}

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  const type = headers['content-type'] ?? 'application/x-amz-json-1.1';
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}
