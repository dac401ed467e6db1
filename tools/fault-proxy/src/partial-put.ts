import type { Answer } from './forward.js';

interface Entry {
  readonly Data: string;
  readonly PartitionKey: string;
}

interface PutRecords {
  readonly StreamName: string;
  readonly Records: readonly Entry[];
}

/** A request of PutRecords of which only some records go on. */
export class PartialPut {
  readonly #request: PutRecords;
  readonly #taken: boolean[];

  /** @param takes which records go on */
  constructor(body: Buffer, takes: (entry: Entry) => boolean) {
    this.#request = JSON.parse(body.toString()) as PutRecords;
    this.#taken = this.#request.Records.map(takes);
  }

  get refused(): number {
    return this.#taken.filter((taken) => !taken).length;
  }

  get isEmpty(): boolean {
    return this.#taken.every((taken) => !taken);
  }

  /** What goes on. */
  body(): Buffer {
    const Records = this.#request.Records.filter((_entry, at) => this.#taken[at]);
    return Buffer.from(JSON.stringify({ ...this.#request, Records }));
  }

  /** The server's answer about what went on, with the rest as failed. */
  answer(of: Answer | undefined): Answer {
    if (of && of.status !== 200) return of;
    const given = of ? (JSON.parse(of.body.toString()) as { Records: object[] }).Records : [];
    let next = 0;
    const Records = this.#taken.map((taken) =>
      taken
        ? given[next++]
        : { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard.' },
    );
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: Buffer.from(JSON.stringify({ FailedRecordCount: this.refused, Records })),
    };
  }
}
