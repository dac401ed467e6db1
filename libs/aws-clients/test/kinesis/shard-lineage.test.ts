import { expect, it } from 'vitest';
import { ancestorsOf, readableShards } from '../../src/kinesis/shard-lineage.js';

// 0 was split into 1 and 2; these were merged into 3; 4 stands alone; the parent of 5 has expired.
const SHARDS = [
  { ShardId: '0' },
  { ShardId: '1', ParentShardId: '0' },
  { ShardId: '2', ParentShardId: '0' },
  { ShardId: '3', ParentShardId: '1', AdjacentParentShardId: '2' },
  { ShardId: '4' },
  { ShardId: '5', ParentShardId: 'expired' },
];

const readable = (begun: string[], ended: string[]) =>
  readableShards(SHARDS, new Set(begun), new Set(ended)).map(({ ShardId }) => ShardId);

it('lets a shard be read when every parent that is still listed was read to its end', () => {
  expect(readable([], [])).toEqual(['0', '4', '5']);
  expect(readable(['0', '4', '5'], [])).toEqual([]);
  expect(readable(['0', '4', '5'], ['0'])).toEqual(['1', '2']);
  // One of two merged shards is not enough.
  expect(readable(['0', '1', '2', '4', '5'], ['0', '1'])).toEqual([]);
  expect(readable(['0', '1', '2', '4', '5'], ['0', '1', '2'])).toEqual(['3']);
});

it('finds all shards that come before others', () => {
  expect([...ancestorsOf(['3'], SHARDS)].sort()).toEqual(['0', '1', '2']);
  expect([...ancestorsOf(['2', '4'], SHARDS)]).toEqual(['0']);
  expect([...ancestorsOf(['5', 'unknown'], SHARDS)]).toEqual(['expired']);
});
