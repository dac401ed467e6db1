import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Needs Java and the built jar: not the config of a `test` target, which runs without them. */
export default mergeConfig(shared, {
  test: {
    // Not by a build of the package, which would take its files away from tests that run at the same time.
    globalSetup: '../../apps/workbench/test/support/build-runnable.ts',
    // Needs Python, and a quarter of an hour: part of the target `e2e`.
    exclude: process.env['PULSELAKE_PROOF'] === 'full' ? [] : ['test/everything.test.ts'],
    // Each starts a Flink cluster of its own.
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
  },
});
