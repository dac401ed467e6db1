import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { IntakeRefusal } from './intake-refusal.js';

/** Bytes that all requests together hold in memory. */
export class BytesInFlight {
  #bytes = 0;

  constructor(private readonly max: number) {}

  /** @throws IntakeRefusal when that would be more than is allowed; whoever waits a little finds room again */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.max) {
      throw new IntakeRefusal(503, 'More events are under way than are taken at once. Send these again in a second.', {
        retryAfterSeconds: 1,
      });
    }
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * Reads the body of a request whole, and has `work` done with it while its bytes count as in flight.
 *
 * @throws IntakeRefusal when it is too large, damaged, cut off, or of an encoding other than gzip
 */
export async function withBody<T>(
  request: Request,
  inFlight: BytesInFlight,
  maxBodyBytes: number,
  work: (body: Buffer) => Promise<T>,
): Promise<T> {
  const gzip = isGzip(request.headers.get('content-encoding'));
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const parts: Buffer[] = [];
  let held = 0;
  try {
    const sent = Readable.fromWeb(request.body ?? new Blob([]).stream());
    let sentBytes = 0;
    const gunzip = createGunzip();
    const collect = async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        if (held + chunk.length > maxBodyBytes) throw tooLarge(maxBodyBytes);
        inFlight.take(chunk.length);
        held += chunk.length;
        parts.push(Buffer.from(chunk));
      }
    };
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        sentBytes += chunk.length;
        if (sentBytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
        yield chunk;
      }
    };
    await (gzip ? pipeline(sent, counted, gunzip, collect) : pipeline(sent, collect)).catch((error: unknown) => {
      if (error instanceof IntakeRefusal) throw error;
      throw new IntakeRefusal(400, `The body is ${gzip ? 'no whole gzip data' : 'cut off'}. Nothing of it was taken.`);
    });
    if (gzip && gunzip.bytesWritten !== sentBytes) {
      throw new IntakeRefusal(400, 'There are bytes behind the end of the gzip data. Nothing of the body was taken.');
    }
    return await work(Buffer.concat(parts));
  } finally {
    inFlight.give(held);
  }
}

function isGzip(encoding: string | null): boolean {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return true;
  if (name === 'identity' || name === '') return false;
  throw new IntakeRefusal(415, `The content-encoding is "${name}"; send the events plain or as gzip.`);
}

function tooLarge(maxBodyBytes: number): IntakeRefusal {
  return new IntakeRefusal(
    413,
    `The body has more than ${maxBodyBytes} bytes, as sent or decompressed. Nothing of it was taken; send the events in several requests.`,
  );
}
