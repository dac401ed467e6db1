import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** SHA-256 of bytes that come in blocks. */
export interface ContentHash {
  /** Takes the next bytes. They may be overwritten once it is done. */
  update(bytes: Uint8Array): Promise<void>;
  /** Hexadecimal digest of all bytes so far; more may follow. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

export function contentHash(): ContentHash {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
      return Promise.resolve();
    },
    digest: () => Promise.resolve(hash.copy().digest('hex')),
    close: () => Promise.resolve(),
  };
}

/** A file of its own could not be loaded from a bundle as from the sources. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const hash = require('node:crypto').createHash('sha256');
  parentPort.on('message', (message) => {
    if (message === 'digest') parentPort.postMessage(hash.copy().digest('hex'));
    else {
      hash.update(new Uint8Array(message.block, 0, message.length));
      parentPort.postMessage(message.block, [message.block]);
    }
  });`;

/** Blocks on their way to the thread and back. */
const BLOCKS = 4;

/** The same in a thread of its own, for bytes that this one parses meanwhile. */
export class HashThread implements ContentHash {
  readonly #worker = new Worker(THREAD, { eval: true });
  readonly #free: ArrayBuffer[] = [];
  #made = 0;
  /** Answers come in the order of the questions. */
  #waiting: { readonly resolve: (answer: string | ArrayBuffer) => void; readonly reject: (error: Error) => void }[] =
    [];
  readonly #returning: Promise<void>[] = [];

  constructor() {
    this.#worker.on('message', (answer: string | ArrayBuffer) => this.#waiting.shift()!.resolve(answer));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting) reject(error);
      this.#waiting = [];
    });
  }

  async update(bytes: Uint8Array): Promise<void> {
    const block = await this.#blockFor(bytes.length);
    new Uint8Array(block, 0, bytes.length).set(bytes);
    const returned = this.#ask({ block, length: bytes.length }, [block]).then((answer) => {
      this.#free.push(answer as ArrayBuffer);
    });
    // Whoever takes it next hears of a failure.
    returned.catch(() => undefined);
    this.#returning.push(returned);
  }

  async digest(): Promise<string> {
    return (await this.#ask('digest', [])) as string;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(message: unknown, transfer: ArrayBuffer[]): Promise<string | ArrayBuffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(message, transfer);
    });
  }

  async #blockFor(bytes: number): Promise<ArrayBuffer> {
    if (this.#free.length === 0 && this.#made >= BLOCKS) await this.#returning.shift();
    const block = this.#free.pop();
    if (block && block.byteLength >= bytes) return block;
    if (!block) this.#made++;
    return new ArrayBuffer(bytes);
  }
}
