import type { SizedRecord } from './plan-put-records.js';
import type { StreamRecord } from './record-sink.js';

/** A record in the sink. It is at the same time the entry of its request: none has to be made for each attempt. */
export interface QueuedRecord<R extends StreamRecord = StreamRecord> extends SizedRecord {
  readonly record: R;
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
  readonly putMs: number;
  attempts: number;
  /** Whether a request with it had no answer. */
  isAmbiguous: boolean;
}

/** First in, first out; what has to be sent again comes first. */
export class SinkQueue<T extends SizedRecord> {
  #items: T[] = [];
  #head = 0;
  #sizeBytes = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#sizeBytes += item.sizeBytes;
  }

  /** Puts items before all others, in their order. */
  putBack(items: readonly T[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
    for (const { sizeBytes } of items) this.#sizeBytes += sizeBytes;
  }

  /** The first `count` items, which stay. */
  peek(count: number): T[] {
    return this.#items.slice(this.#head, this.#head + count);
  }

  /** Takes the first item out. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head++;
    this.#sizeBytes -= item.sizeBytes;
    this.#compact();
    return item;
  }

  /** Takes out items that {@link peek} gave. */
  remove(items: readonly T[]): void {
    const isPrefix = items.every((item, index) => this.#items[this.#head + index] === item);
    if (isPrefix) this.#head += items.length;
    else {
      const gone = new Set(items);
      this.#items = this.#items.slice(this.#head).filter((item) => !gone.has(item));
      this.#head = 0;
    }
    for (const { sizeBytes } of items) this.#sizeBytes -= sizeBytes;
    this.#compact();
  }

  #compact(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
