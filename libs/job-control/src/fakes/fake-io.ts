import { Writable } from 'node:stream';
import type { JobIo } from '../job-io.js';

export interface FakeIoOptions {
  readonly home?: string;
  /** Told before each pause. */
  readonly onPause?: (io: FakeIo) => void;
}

/** A process in memory. Time passes by waiting only. */
export class FakeIo implements JobIo {
  out = '';
  err = '';
  nowMs = Date.parse('2024-05-01T12:30:00Z');
  readonly pauses: number[] = [];
  readonly stdout = sink((text) => (this.out += text));
  readonly stderr = sink((text) => (this.err += text));
  readonly home: string;
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();
  #tokens = 0;

  constructor(private readonly options: FakeIoOptions = {}) {
    this.home = options.home ?? '/nowhere';
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get leave(): AbortSignal {
    return this.#leave.signal;
  }

  /** The first Ctrl-C, or the second. */
  interrupt(): void {
    (this.signal.aborted ? this.#leave : this.#stop).abort();
  }

  readonly clock = (): number => this.nowMs;
  readonly random = (): number => 0.5;
  readonly newToken = (): string => `token-${++this.#tokens}`;

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    this.options.onPause?.(this);
    signal?.throwIfAborted();
    this.pauses.push(ms);
    this.nowMs += ms;
    await Promise.resolve();
  };
}

function sink(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk.toString());
      done();
    },
  });
}
