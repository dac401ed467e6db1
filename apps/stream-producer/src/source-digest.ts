import { createHash } from 'node:crypto';
import type { EventSource } from './event-source.js';

/** SHA-256 of a source's decompressed bytes, hex. Reads it once. */
export async function sourceDigest(source: EventSource, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.open(signal)) hash.update(chunk);
  return hash.digest('hex');
}
