import { defineConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Needs a JDK that Trino runs on, Maven and Python. Nothing else of this project runs with it: merging would add to `include`. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['trino/**/*.test.ts'],
    globalSetup: '../../apps/workbench/test/support/build-runnable.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
