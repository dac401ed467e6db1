import { defineConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Installs packages from the registry, and prints their sizes: not the config of `test`. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    onConsoleLog: () => undefined,
  },
});
