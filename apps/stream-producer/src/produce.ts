import type { FailureReason, Outcome, Settlement, StreamRecord } from '@pulselake/aws-clients/kinesis';
import type { RejectReason } from '@pulselake/data-model';
import type { ProduceAccount } from './account.js';
import { InputError } from './errors.js';
import { EventLines, type EventLine, type RejectedEventLine } from './event-lines.js';
import type { EventSource } from './event-source.js';
import { Pace, type PaceOptions } from './pace.js';
import { sourceDigest } from './source-digest.js';

/** The sink as the producer needs it. */
export interface ProducerSink {
  put(record: StreamRecord): Promise<void>;
  close(): Promise<Settlement>;
  readonly failure: Error | undefined;
}

export interface ProduceOptions {
  readonly stream: string;
  readonly sources: readonly EventSource[];
  /** Makes the sink, told where to report outcomes. */
  readonly openSink: (onSettled: (outcome: Outcome) => void) => ProducerSink;
  readonly pace: PaceOptions;
  /** Most events to send; absent: all. */
  readonly limit?: number | undefined;
  /** Stops the reading; what was read is still settled. */
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** An id for an event of an input that cannot be read again. */
  readonly newId: () => string;
  /** Takes rejected lines; absent: they are only counted. */
  readonly onRejected?: ((source: string, rejected: RejectedEventLine) => Promise<void>) | undefined;
  readonly onProgress?: ((progress: { readonly read: number; readonly settled: number }) => void) | undefined;
}

/** Pauses below this are not worth a timer: the next one makes up for them. */
const SHORTEST_WAIT_MS = 4;

/** Sends the events of all sources, one source after the other, and says what became of each. */
export async function produce(options: ProduceOptions): Promise<ProduceAccount> {
  return new Production(options).run();
}

class Production {
  readonly #pace: Pace;
  readonly #sink: ProducerSink;
  readonly #startedMs: number;
  readonly #rejectedByReason: Partial<Record<RejectReason, number>> = {};
  readonly #failures: Partial<Record<FailureReason, string>> = {};
  #read = 0;
  #rejected = 0;
  #put = 0;
  #settled = 0;
  #idsAdded = 0;
  #stopped: 'limit' | 'signal' | 'failure' | undefined;

  constructor(private readonly options: ProduceOptions) {
    this.#pace = new Pace(options.pace);
    this.#startedMs = options.clock();
    this.#sink = options.openSink((outcome) => {
      this.#settled++;
      if (outcome.status === 'failed') this.#failures[outcome.reason] ??= outcome.message;
    });
  }

  async run(): Promise<ProduceAccount> {
    let error: { readonly thrown: unknown } | undefined;
    try {
      for (const source of this.options.sources) {
        if (!(await this.#send(source))) break;
      }
    } catch (thrown) {
      // What was read before is settled all the same.
      error = { thrown };
    }
    const account = this.#account(await this.#sink.close());
    if (!error) return account;
    if (!(error.thrown instanceof InputError)) throw error.thrown;
    return { ...account, complete: false, error: error.thrown.message };
  }

  /** Whether the source was sent to its end. */
  async #send(source: EventSource): Promise<boolean> {
    const { signal, newId } = this.options;
    const prefix = source.isRepeatable ? (await sourceDigest(source, signal)).slice(0, 32) : undefined;
    const lines = new EventLines(prefix === undefined ? newId : (line) => `${prefix}-${line.toString(36)}`);
    for await (const chunk of source.open(signal)) {
      if (!(await this.#take(source, lines.push(chunk)))) return false;
    }
    if (signal.aborted) {
      this.#stopped ??= 'signal';
      return false;
    }
    return this.#take(source, lines.end());
  }

  /** Deals with lines until a reason to stop. */
  async #take(source: EventSource, items: readonly (EventLine | RejectedEventLine)[]): Promise<boolean> {
    for (const item of items) {
      this.#stopped ??= this.#reasonToStop();
      if (this.#stopped) return false;
      if (item.kind === 'rejected') {
        this.#read++;
        this.#rejected++;
        this.#rejectedByReason[item.reason] = (this.#rejectedByReason[item.reason] ?? 0) + 1;
        await this.options.onRejected?.(source.name, item);
        continue;
      }
      const waitMs = this.#pace.waitMs(item.timestampMs, this.options.clock());
      if (waitMs > SHORTEST_WAIT_MS) {
        await this.options.sleep(waitMs, this.options.signal).catch(() => undefined);
        this.#stopped ??= this.#reasonToStop();
        if (this.#stopped) return false;
      }
      this.#read++;
      this.#put++;
      if (item.idAdded) this.#idsAdded++;
      await this.#sink.put(item);
    }
    this.options.onProgress?.({ read: this.#read, settled: this.#settled });
    return true;
  }

  #reasonToStop(): 'limit' | 'signal' | 'failure' | undefined {
    if (this.options.signal.aborted) return 'signal';
    if (this.#sink.failure) return 'failure';
    return this.#put >= (this.options.limit ?? Infinity) ? 'limit' : undefined;
  }

  #account({ accepted, failed, failedByReason, retried, possiblyTwice, requests, bytes }: Settlement): ProduceAccount {
    if (this.#read !== accepted + this.#rejected + failed) {
      throw new Error(
        `This is a bug in pulselake: ${this.#read} events were read, but ${accepted} sent, ${this.#rejected} rejected and ${failed} failed.`,
      );
    }
    return {
      stream: this.options.stream,
      read: this.#read,
      sent: accepted,
      rejected: this.#rejected,
      rejectedByReason: this.#rejectedByReason,
      failed,
      failedByReason,
      failures: this.#failures,
      retried,
      possiblyTwice,
      idsAdded: this.#idsAdded,
      requests,
      bytes,
      seconds: (this.options.clock() - this.#startedMs) / 1000,
      complete: this.#stopped === undefined,
      ...(this.#stopped && { stopped: this.#stopped }),
    };
  }
}
