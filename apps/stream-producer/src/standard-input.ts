import { addAbortSignal, type Readable } from 'node:stream';
import { InputError } from './errors.js';
import type { EventSource } from './event-source.js';

/** Standard input: it ends when the writer ends, or when the signal is aborted. */
export function standardInput(stdin: Readable): EventSource {
  return {
    name: 'standard input',
    isRepeatable: false,
    async *open(signal) {
      try {
        yield* addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array>;
      } catch (cause) {
        if (signal.aborted) return;
        throw new InputError(`Standard input cannot be read: ${(cause as Error).message}.`, { cause });
      }
    },
  };
}
