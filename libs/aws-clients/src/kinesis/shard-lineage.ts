import type { Shard } from '@aws-sdk/client-kinesis';

/** What of a shard decides on the order of reading. */
export type ShardNode = Pick<Shard, 'ShardId' | 'ParentShardId' | 'AdjacentParentShardId'>;

/** The shards that a shard was split or merged from. */
function parentsOf({ ParentShardId, AdjacentParentShardId }: ShardNode): string[] {
  return [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined && id !== '') as string[];
}

/** All shards that come before `shardIds`, parents of parents included, as far as `shards` still lists them. Pure. */
export function ancestorsOf(shardIds: Iterable<string>, shards: readonly ShardNode[]): Set<string> {
  const byId = new Map(shards.map((shard) => [shard.ShardId, shard]));
  const found = new Set<string>();
  const open = [...shardIds];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const shard = byId.get(id);
    for (const parent of shard ? parentsOf(shard) : []) {
      if (found.has(parent)) continue;
      found.add(parent);
      open.push(parent);
    }
  }
  return found;
}

/**
 * The shards that may be read now: not begun, and every parent that is still listed was read to its end. Pure.
 *
 * @param begun shards that are being read, or were read to their end
 * @param ended shards that were read to their end
 */
export function readableShards<T extends ShardNode>(
  shards: readonly T[],
  begun: ReadonlySet<string>,
  ended: ReadonlySet<string>,
): T[] {
  const listed = new Set(shards.map(({ ShardId }) => ShardId));
  return shards.filter(
    (shard) =>
      !begun.has(shard.ShardId!) && parentsOf(shard).every((parent) => ended.has(parent) || !listed.has(parent)),
  );
}
