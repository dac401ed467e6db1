import type { StreamRead, StreamSource } from './stream-source.js';

/** What was read of a shard, with the stream it is of. */
export interface StreamBatch extends StreamRead {
  readonly source: StreamSource;
}

interface Head {
  readonly source: StreamSource;
  readonly shardId: string;
  readonly position: string;
  /** Sequence number and length of each record. */
  readonly records: readonly (readonly [sequenceNumber: string, bytes: number])[];
}

const LF = 0x0a;

/** A batch as the journal keeps it: a line of JSON, and the records behind it. */
export function encodeBatch({ source, shardId, position, records }: StreamBatch): Buffer {
  const head: Head = {
    source,
    shardId,
    position,
    records: records.map(({ sequenceNumber, data }) => [sequenceNumber, data.length]),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...records.map(({ data }) => data)]);
}

export function decodeBatch(bytes: Buffer): StreamBatch {
  const end = bytes.indexOf(LF);
  const { records, ...head } = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  let at = end + 1;
  return {
    ...head,
    records: records.map(([sequenceNumber, length]) => ({ sequenceNumber, data: bytes.subarray(at, (at += length)) })),
  };
}
