import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Needs Java and the built jar: not the config of a `test` target, which runs without them. */
export default mergeConfig(shared, {
  test: {
    // Each starts a Flink cluster of its own.
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
  },
});
