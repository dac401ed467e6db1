/** Hands items of several producers to one consumer; a producer waits until its item was dealt with. */
export class HandOver<T> {
  readonly #waiting: { readonly item: T; readonly done: (taken: boolean) => void }[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  #error: Error | undefined;

  /** Resolves with true when the consumer asks for the next item, with false when it will take no more. */
  give(item: T): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((done) => {
      this.#waiting.push({ item, done });
      this.#wake?.();
    });
  }

  /** Ends the consumer's loop with an error, before items that still wait. */
  fail(error: Error): void {
    this.#error ??= error;
    this.close();
  }

  /** Ends the consumer's loop; items that wait are not taken. */
  close(): void {
    this.#closed = true;
    for (const { done } of this.#waiting.splice(0)) done(false);
    this.#wake?.();
  }

  async *items(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      if (this.#error) throw this.#error;
      const next = this.#waiting.shift();
      if (next) {
        let finished = false;
        try {
          yield next.item;
          finished = true;
        } finally {
          next.done(finished);
        }
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    }
  }
}
