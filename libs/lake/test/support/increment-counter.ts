import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lake } from '../../src/index.js';

/** Adds one to a number in a file, with a pause in between: two at the same time lose one. */
export async function incrementCounter(lake: Lake, path = join(lake.root, 'landing', 'counter')): Promise<void> {
  const count = Number(readFileSync(path, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  writeFileSync(path, String(count + 1));
}
