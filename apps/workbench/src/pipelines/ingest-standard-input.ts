import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { WindowSettings } from '@pulselake/data-model';
import type { Lake } from '@pulselake/lake';
import type { WindowMode } from '@pulselake/processing';
import { ingestEvents } from './ingest-events.js';
import type { IngestOutcome } from './ingest-outcome.js';
import { replayAbandonedStreams } from './replay-streams.js';
import { StreamSession } from './stream-session.js';

export interface StandardInputOptions {
  readonly settings: WindowSettings;
  readonly mode: WindowMode;
  /** The clock that `future` is judged by, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Ends the stream: what was read is kept. */
  readonly signal: AbortSignal;
}

const ADDRESS = 'standard input';

/** Ingests metric events from standard input: as a live stream, or whole as if it were a file. */
export async function ingestStandardInput(
  lake: Lake,
  stdin: NodeJS.ReadableStream,
  options: StandardInputOptions,
): Promise<IngestOutcome> {
  return options.mode === 'streaming' ? stream(lake, stdin, options) : spool(lake, stdin, options);
}

async function stream(lake: Lake, stdin: NodeJS.ReadableStream, options: StandardInputOptions): Promise<IngestOutcome> {
  const { settings, clock, signal } = options;
  await replayAbandonedStreams(lake);
  const session = await StreamSession.open(lake, { settings, clock });
  try {
    const push = async (chunks: AsyncIterable<Buffer | string>) => {
      for await (const chunk of chunks) {
        session.push(Buffer.from(chunk as Buffer));
        await session.room();
      }
    };
    await pipeline(stdin, push, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const run = await session.close();
  return { path: ADDRESS, status: 'ingested', run, ...(run.counts.read === 0 && { message: 'It held no record.' }) };
}

/** A bounded run needs the digest of its input before it writes: the input is kept beside until then. */
async function spool(lake: Lake, stdin: NodeJS.ReadableStream, options: StandardInputOptions): Promise<IngestOutcome> {
  const { settings, clock, signal } = options;
  const directory = await mkdtemp(join(tmpdir(), 'pulselake-'));
  try {
    const path = join(directory, 'input');
    await pipeline(stdin, createWriteStream(path), { signal });
    // Two pipes have no address in common, though they are called alike.
    const input = { path, address: ADDRESS, modifiedMs: clock(), grows: false };
    const [outcome] = await ingestEvents(lake, [input], { settings, mode: 'bounded', nowMs: clock(), signal });
    return outcome!;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
