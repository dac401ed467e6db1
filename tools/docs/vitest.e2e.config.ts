import { defineConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Installs and tests whole copies of the repository: not the config of `test`. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['e2e/**/*.e2e.ts'],
    testTimeout: 900_000,
    hookTimeout: 600_000,
  },
});
