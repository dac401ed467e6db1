import type { GetShardIteratorInput } from '@aws-sdk/client-kinesis';

/** The position of a shard that was read to its end: the shard was split or merged, and holds nothing further. */
export const SHARD_END = 'SHARD_END';

/** The position of a shard of which nothing was read yet, from its oldest record on. */
export const TRIM_HORIZON = 'TRIM_HORIZON';

const AT_TIMESTAMP = 'AT_TIMESTAMP:';

/** The position of a shard of which nothing was read yet, from an instant of arrival on. */
export function positionAt(arrival: Date): string {
  return `${AT_TIMESTAMP}${arrival.toISOString()}`;
}

/** The instant of a position made by {@link positionAt}. */
export function arrivalOf(position: string): Date | undefined {
  return position.startsWith(AT_TIMESTAMP) ? new Date(position.slice(AT_TIMESTAMP.length)) : undefined;
}

/** Where an iterator has to stand to go on after a position. Pure. */
export function iteratorAfter(
  position: string,
): Pick<GetShardIteratorInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'> {
  if (position === TRIM_HORIZON) return { ShardIteratorType: 'TRIM_HORIZON' };
  const arrival = arrivalOf(position);
  if (arrival) return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: arrival };
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position };
}
