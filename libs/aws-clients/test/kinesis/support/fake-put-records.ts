import type { KinesisClient, PutRecordsInput, PutRecordsOutput } from '@aws-sdk/client-kinesis';

/** The data of a request's records, as texts. */
export type Texts = readonly string[];

/** How a request is answered. `refuse` names texts that are not taken; `lost` takes all and then fails. */
export type Answer =
  | 'ok'
  | { readonly refuse: (text: string) => boolean }
  | { readonly lost: Error }
  | { readonly error: Error }
  | { readonly answer: unknown }
  | 'never';

/** A stream in memory behind the SDK's `send`. */
export class FakePutRecords {
  /** What the stream holds, in order. */
  readonly stored: string[] = [];
  readonly requests: Texts[] = [];
  /** Most requests under way at a time, and whether a key was in two of them. */
  mostInFlight = 0;
  keyInTwo = false;
  readonly #keysInFlight: string[][] = [];

  /** @param script answers the n-th request, from 0 on */
  constructor(private readonly script: (turn: number, texts: Texts) => Answer = () => 'ok') {}

  get client(): Pick<KinesisClient, 'send'> {
    return {
      send: (command: { input: PutRecordsInput }, options: { abortSignal: AbortSignal }) =>
        this.#send(command.input, options.abortSignal),
    } as never;
  }

  async #send({ Records = [] }: PutRecordsInput, signal: AbortSignal): Promise<PutRecordsOutput> {
    const texts = Records.map(({ Data }) => Buffer.from(Data!).toString());
    const answer = this.script(this.requests.length, texts);
    this.requests.push(texts);
    const keys = [...new Set(Records.map(({ PartitionKey }) => PartitionKey!))];
    this.keyInTwo ||= keys.some((key) => this.#keysInFlight.flat().includes(key));
    this.#keysInFlight.push(keys);
    this.mostInFlight = Math.max(this.mostInFlight, this.#keysInFlight.length);
    try {
      // A turn of the event loop, so that requests overlap.
      await new Promise((resolve) => setImmediate(resolve));
      if (answer === 'never') {
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        );
      }
      if (typeof answer === 'object' && 'error' in answer) throw answer.error;
      if (typeof answer === 'object' && 'answer' in answer) return answer.answer as PutRecordsOutput;
      const refused = (text: string) => typeof answer === 'object' && 'refuse' in answer && answer.refuse(text);
      const entries = texts.map((text) => {
        if (refused(text))
          return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
        return { ShardId: 'shard-0', SequenceNumber: String(this.stored.push(text)) };
      });
      if (typeof answer === 'object' && 'lost' in answer) throw answer.lost;
      return { FailedRecordCount: entries.filter((entry) => 'ErrorCode' in entry).length, Records: entries };
    } finally {
      this.#keysInFlight.splice(this.#keysInFlight.indexOf(keys), 1);
    }
  }
}
