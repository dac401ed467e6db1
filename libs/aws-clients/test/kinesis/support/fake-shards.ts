import type { KinesisClient } from '@aws-sdk/client-kinesis';

/** An error as the SDK throws it. */
export function sdkError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** What one `GetRecords` does: gives so many records (`end`: and no iterator), fails, or answers something else. */
export type Read = number | { readonly end: number } | Error | { readonly answer: unknown };

/** A stream of one shard whose reads follow a script; when that is over the shard is at its tip. */
export class FakeShards {
  readonly asked: { readonly operation: string; readonly input: Record<string, unknown> }[] = [];
  #next = 0;
  #given = 0;

  constructor(
    private readonly reads: readonly Read[],
    private readonly refuses: (input: Record<string, unknown>) => Error | undefined = () => undefined,
  ) {}

  get client(): Pick<KinesisClient, 'send'> {
    return { send: (command: unknown) => this.#send(command as { input: Record<string, unknown> }) } as never;
  }

  iterators(): unknown[] {
    return this.asked
      .filter(({ operation }) => operation === 'GetShardIteratorCommand')
      .map(({ input }) => [input['ShardIteratorType'], input['StartingSequenceNumber']]);
  }

  async #send(command: { input: Record<string, unknown> }): Promise<unknown> {
    const operation = command.constructor.name;
    this.asked.push({ operation, input: command.input });
    await Promise.resolve();
    if (operation === 'ListShardsCommand') return { Shards: [{ ShardId: 'shard-0', SequenceNumberRange: {} }] };
    if (operation === 'GetShardIteratorCommand') {
      const error = this.refuses(command.input);
      if (error) throw error;
      return { ShardIterator: 'iterator' };
    }
    const read = this.reads[this.#next++] ?? 0;
    if (read instanceof Error) throw read;
    if (typeof read === 'object' && 'answer' in read) return read.answer;
    const count = typeof read === 'object' ? read.end : read;
    const Records = Array.from({ length: count }, () => ({
      SequenceNumber: String(++this.#given),
      PartitionKey: 'k',
      Data: Buffer.from(String(this.#given)),
      ApproximateArrivalTimestamp: new Date(this.#given * 1000),
    }));
    return { Records, MillisBehindLatest: 0, ...(typeof read !== 'object' && { NextShardIterator: 'iterator' }) };
  }
}
