import { defineConfig } from 'vitest/config';

/** Shared by every project's `vitest.config.ts`: workspace packages resolve to their sources, stray output fails. */
const conditions = ['@pulselake/source', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    onConsoleLog(log) {
      throw new Error(`stray console output in a test: ${log}`);
    },
  },
});
