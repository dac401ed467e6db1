import { argv } from 'node:process';
import { incrementCounter } from './increment-counter.js';
import { openLake } from './lakes.js';

/** A program: opens the lake and increments its counter so many times, each under the lock. */
const [root, rounds] = [argv[2]!, Number(argv[3])];
for (let round = 0; round < rounds; round++) {
  const lake = await openLake(root, { command: 'child' });
  await lake.locked(() => incrementCounter(lake));
}
